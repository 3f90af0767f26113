package io.github.diffusion4j.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetDownloadTest {
  private static final List<String> NAMES =
      List.of(
          "train-images-idx3-ubyte.gz",
          "train-labels-idx1-ubyte.gz",
          "t10k-images-idx3-ubyte.gz",
          "t10k-labels-idx1-ubyte.gz");

  @TempDir Path cache;

  private final Map<String, byte[]> served = new HashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    served.put(NAMES.get(0), gzip(idx(2051, 2, 1, 1, 11, 12)));
    served.put(NAMES.get(1), gzip(idx(2049, 2, 3, 4)));
    served.put(NAMES.get(2), gzip(idx(2051, 1, 1, 1, 13)));
    served.put(NAMES.get(3), gzip(idx(2049, 1, 5)));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void fetch_goodFiles_opensBothSplitsAndDownloadsOnce() throws Exception {
    List<String> heard = new ArrayList<>();
    DatasetDownload download =
        new DatasetDownload(
            cache,
            set -> home(NAMES),
            (what, done, total) -> heard.add(what + " " + (done == total.orElseThrow())));

    Path dataDir = download.fetch(KnownDataset.MNIST);
    download.fetch(KnownDataset.MNIST);

    ImageDataset train = KnownDataset.MNIST.open(Split.TRAIN, dataDir);
    ImageDataset test = KnownDataset.MNIST.open(Split.TEST, dataDir);
    assertThat(TestImages.pixels(train, 1)).containsExactly(12);
    assertThat(train.label(1)).hasValue(4);
    assertThat(TestImages.pixels(test, 0)).containsExactly(13);
    assertThat(requests).hasValue(4);
    assertThat(heard).containsExactlyElementsOf(NAMES.stream().map(n -> n + " true").toList());
  }

  @Test
  void fetch_cifarArchive_unpacksIt() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      entry(tar, "cifar-10-batches-bin/data_batch_2.bin", CifarFilesTest.records(2));
      entry(tar, "cifar-10-batches-bin/data_batch_1.bin", CifarFilesTest.records(1, 1));
      entry(tar, "cifar-10-batches-bin/test_batch.bin", CifarFilesTest.records(7));
      entry(tar, "../../escape.txt", new byte[] {1});
    }
    String name = "cifar-10-binary.tar.gz";
    served.put(name, bytes.toByteArray());

    Path dataDir =
        new DatasetDownload(cache, set -> home(List.of(name)), Progress.NONE)
            .fetch(KnownDataset.CIFAR10);

    ImageDataset train = KnownDataset.CIFAR10.open(Split.TRAIN, dataDir);
    assertThat(train.size()).isEqualTo(3);
    assertThat(train.label(2)).hasValue(2);
    assertThat(KnownDataset.CIFAR10.open(Split.TEST, dataDir).label(0)).hasValue(7);
    assertThat(cache.resolve("cifar10/" + name)).doesNotExist();
    assertThat(requireNonNull(cache.getParent()).resolve("escape.txt")).doesNotExist();
  }

  @Test
  void fetch_wrongContent_saysSoAndLeavesNothing() throws Exception {
    PublishedFiles published = home(NAMES);
    served.put(NAMES.get(1), new byte[] {1, 2, 3});

    fails(published, "train-labels-idx1-ubyte.gz: its MD5 is 5289df737df57326fcdd22597afb1fac");
    assertThat(files()).containsExactly("train-images-idx3-ubyte.gz");
  }

  @Test
  void fetch_missingFile_saysSoAndLeavesNothing() throws Exception {
    PublishedFiles published = home(NAMES);
    served.remove(NAMES.get(0));

    fails(published, "the server answered 404");
    assertThat(files()).isEmpty();
  }

  @Test
  void fetch_transferBreaksOff_saysSoAndLeavesNothing() throws Exception {
    PublishedFiles published = home(NAMES);
    served.put(NAMES.get(0), new byte[0]); // stands for a connection that ends early

    fails(published, "could not download http://");
    assertThat(files()).isEmpty();
  }

  @Test
  void fetch_noServer_tellsAboutDataDir() throws Exception {
    PublishedFiles published = home(NAMES);
    server.stop(0);

    fails(published, "no connection to");
    fails(published, "put the files of mnist into DIR/mnist and use --data-dir DIR");
  }

  @Test
  void fetch_afterAFailure_continuesWithWhatIsMissing() throws Exception {
    PublishedFiles published = home(NAMES);
    byte[] last = served.remove(NAMES.get(3));
    fails(published, "404");
    served.put(NAMES.get(3), last);

    new DatasetDownload(cache, set -> published, Progress.NONE).fetch(KnownDataset.MNIST);

    assertThat(requests).hasValue(5);
  }

  @Test
  void defaultCache_followsTheEnvironment() {
    assertThat(DatasetDownload.defaultCache(Map.of("XDG_CACHE_HOME", "/x")))
        .isEqualTo(Path.of("/x/diffusion4j"));
    assertThat(DatasetDownload.defaultCache(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "diffusion4j"));
  }

  @Test
  void open_missingFiles_areNamed() throws Exception {
    assertThatThrownBy(() -> KnownDataset.MNIST.open(Split.TRAIN, cache))
        .hasMessageContaining("has no folder mnist");
    Files.createDirectories(cache.resolve("cifar10"));
    Files.createDirectories(cache.resolve("fashion_mnist"));
    assertThatThrownBy(() -> KnownDataset.CIFAR10.open(Split.TEST, cache))
        .hasMessageContaining("has no file test_batch.bin");
    assertThatThrownBy(() -> KnownDataset.FASHION_MNIST.open(Split.TEST, cache))
        .hasMessageContaining("has no file t10k-images-idx3-ubyte.gz");
  }

  @Test
  void named_knownAndUnknown_areTold() {
    assertThat(KnownDataset.named("fashion-mnist")).contains(KnownDataset.FASHION_MNIST);
    assertThat(KnownDataset.named("imagenet")).isEmpty();
  }

  @Test
  void of_everySet_hasPublishedFiles() {
    for (KnownDataset set : KnownDataset.values()) {
      assertThat(PublishedFiles.of(set).files())
          .allSatisfy(file -> assertThat(file.md5()).matches("[0-9a-f]{32}"));
      assertThat(PublishedFiles.of(set).home().toString()).endsWith("/");
    }
  }

  private void fails(PublishedFiles published, String message) {
    DatasetDownload download = new DatasetDownload(cache, set -> published, Progress.NONE);
    assertThatThrownBy(() -> download.fetch(KnownDataset.MNIST))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("mnist"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private PublishedFiles home(List<String> names) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    return new PublishedFiles(
        uri,
        names.stream()
            .map(n -> new PublishedFiles.Item(n, md5(requireNonNull(served.get(n)))))
            .toList());
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    byte[] body = served.get(exchange.getRequestURI().getPath().substring(1));
    if (body == null) {
      exchange.sendResponseHeaders(404, -1);
    } else if (body.length == 0) {
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write(new byte[500]);
      exchange.getResponseBody().flush();
    } else {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static byte[] idx(int magic, int... numbers) {
    int dimensions = magic & 0xff;
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions + numbers.length - dimensions);
    bytes.putInt(magic);
    for (int i = 0; i < numbers.length; i++) {
      if (i < dimensions) {
        bytes.putInt(numbers[i]);
      } else {
        bytes.put((byte) numbers[i]);
      }
    }
    return bytes.array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static void entry(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
