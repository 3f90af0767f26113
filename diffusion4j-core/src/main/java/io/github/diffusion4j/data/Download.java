package io.github.diffusion4j.data;

import io.github.diffusion4j.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.OptionalLong;

/**
 * One file that is fetched with HTTP.
 *
 * @param from its address
 * @param to where its bytes go
 */
record Download(URI from, Path to) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * Fetches the file.
   *
   * @return the MD5 of its bytes in hexadecimal
   * @throws IOException if there is no connection, the answer is not 200, or the transfer breaks
   *     off
   */
  String run(Progress progress) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build();
    HttpRequest request = HttpRequest.newBuilder(from).timeout(PATIENCE).build();
    HttpResponse<InputStream> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException e) { // comes without a message
      throw new IOException("no connection to " + from.getHost(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException("the server answered " + response.statusCode());
      }
      return copy(body, response.headers().firstValueAsLong("Content-Length"), progress);
    }
  }

  private String copy(InputStream body, OptionalLong total, Progress progress) throws IOException {
    MessageDigest digest = md5();
    String name = to.getFileName().toString().replaceFirst("\\.part$", "");
    AtomicFile.write(
        to,
        out -> {
          byte[] buffer = new byte[1 << 16];
          long done = 0;
          for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            out.write(buffer, 0, read);
            digest.update(buffer, 0, read);
            done += read;
            progress.at(name, done, total);
          }
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }
}
