package io.github.diffusion4j.evaluation;

import io.github.diffusion4j.torch.Tensor;
import io.github.diffusion4j.torch.TensorBytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 over a protocol and the weights it is used with. */
final class NetFingerprint {
  private NetFingerprint() {}

  /** Returns 64 hexadecimal digits that depend on all names, shapes and elements. */
  static String of(String protocol, Map<String, Tensor> weights) {
    MessageDigest digest = sha256();
    digest.update(line(protocol));
    try (WritableByteChannel channel =
        Channels.newChannel(new DigestOutputStream(OutputStream.nullOutputStream(), digest))) {
      for (Map.Entry<String, Tensor> named : new TreeMap<>(weights).entrySet()) {
        digest.update(line(named.getKey() + Arrays.toString(named.getValue().shape())));
        TensorBytes.write(named.getValue(), channel);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written to any place that could fail", e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns 64 hexadecimal digits for weights that are a file of the given hash. */
  static String of(String protocol, String hashOfFile) {
    MessageDigest digest = sha256();
    digest.update(line(protocol));
    digest.update(line(hashOfFile));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the SHA-256 of a file, 64 hexadecimal digits; the file may be of any size. */
  static String ofFile(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
