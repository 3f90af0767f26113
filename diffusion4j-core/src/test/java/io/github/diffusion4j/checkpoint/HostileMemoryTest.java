package io.github.diffusion4j.checkpoint;

import static io.github.diffusion4j.checkpoint.HostileFiles.SAFETENSORS;
import static io.github.diffusion4j.checkpoint.HostileFiles.STORAGE;
import static io.github.diffusion4j.checkpoint.HostileFiles.TORCH;
import static io.github.diffusion4j.checkpoint.HostileFiles.assertRefused;
import static io.github.diffusion4j.checkpoint.HostileFiles.encoded;
import static io.github.diffusion4j.checkpoint.HostileFiles.latin;
import static io.github.diffusion4j.checkpoint.HostileFiles.tensor;
import static io.github.diffusion4j.checkpoint.HostileFiles.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files that want much memory or time, and zips that lie about themselves. */
class HostileMemoryTest {
  private static final String TOO_MUCH = "asks for more memory than 2 times its";
  private static final int MANY = 600_000;

  /** The end of the tensor that {@link HostileFiles#STORAGE} begins: the numbers 0 and 1. */
  private static final String TENSOR =
      STORAGE + "K\u0002tQK\u0000K\u0002\u0085K\u0001\u0085tRq\u0001s";

  @TempDir Path folder;

  static Stream<Arguments> pickles() {
    return Stream.of(
        pickle("empty dictionaries", "\u0080\u0002](" + "}".repeat(MANY) + "e.", TOO_MUCH),
        pickle("dictionaries of now", "\u0080\u0002" + "}0".repeat(MANY) + ".", TOO_MUCH),
        pickle("lists", "\u0080\u0002](" + "]".repeat(2 * MANY) + "e.", TOO_MUCH),
        pickle("tuples of one", "\u0080\u0002N" + "\u0085".repeat(2 * MANY) + ".", TOO_MUCH),
        pickle("marks", "\u0080\u0002" + "(".repeat(20 * MANY) + ".", TOO_MUCH),
        pickle(
            "ordered dictionaries",
            "\u0080\u0002ccollections\nOrderedDict\nq\u0000" + "h\u0000)R".repeat(MANY) + ".",
            TOO_MUCH),
        pickle("one tensor under many names", TENSOR + "(" + names(150_000) + "u.", TOO_MUCH),
        pickle(
            "tuples that double",
            "\u0080\u0002)q\u0000" + "h\u0000h\u0000\u0086q\u0000".repeat(1000) + ".",
            "no dictionary of tensors"),
        pickle(
            "lists in lists",
            "\u0080\u0002" + "]".repeat(10_000) + "a".repeat(9_999) + ".",
            "no dictionary of tensors"),
        pickle(
            "a name without end", "\u0080\u0002c" + "x".repeat(100_000), "more than 200 letters"),
        pickle(
            "a class of two lines",
            "\u0080\u0004\u008c\u0003a\nb\u008c\u0004\u001b[2J\u0093.",
            "the Python class a?b.?[2J"),
        pickle("a thousand bytes of number", longNumber(1000), "a number of 1000 bytes"),
        pickle("65 bytes of number", longNumber(65), "a number of 65 bytes"),
        pickle(
            "65 dimensions",
            STORAGE
                + "K\u0002tQK\u0000("
                + "K\u0001".repeat(65)
                + "t("
                + "K\u0001".repeat(65)
                + "ttRs.",
            "does not fit its storage 0 (at a)"),
        bytes(
            "two storages on one place",
            zip(
                "x/data.pkl",
                tensor("K\u0003", "K\u0000", "K\u0003", "K\u0001"),
                "x/data/0",
                "12345678"),
            "a wrong number of them"));
  }

  static Stream<Arguments> zips() {
    byte[] good = goodZip();
    int end = good.length - 22;
    return Stream.of(
        bytes("more entries than bytes", put(good, end + 10, 2, 0xfffe), "contradicts the file"),
        bytes("one entry too many", put(good, end + 10, 2, 3), "contradicts the file"),
        bytes("a directory behind the file", put(good, end + 16, 4, 1 << 30), "contradicts"),
        bytes("a directory of 2^40 entries", longEnd(good, 1L << 40), "contradicts the file"),
        bytes("a directory of -1 entries", longEnd(good, -1), "contradicts the file"),
        bytes("a comment that is cut short", put(good, end + 20, 2, 9), "without its end"),
        bytes(
            "a part elsewhere", put(good, directory(good) + 42, 4, 7), "is not where the zip says"),
        bytes(
            "a part behind the file",
            put(good, directory(good) + 42, 4, 1 << 29),
            "contradicts the file"),
        bytes(
            "a part larger than the file",
            put(put(good, directory(good) + 20, 4, 1 << 20), directory(good) + 24, 4, 1 << 20),
            "is not where the zip says"),
        bytes(
            "compressed objects", put(good, directory(good) + 10, 2, 8), "data.pkl is compressed"),
        bytes(
            "a part that inflates",
            put(good, directory(good) + 24, 4, 1 << 20),
            "data.pkl is compressed"),
        bytes("a directory cut short", cut(good, end - 30, end), "contradicts the file"));
  }

  static Stream<Arguments> headers() {
    String one = "{'a':{'dtype':'F32','shape':%s,'data_offsets':[0,8]}}";
    return Stream.of(
        header("a list of lists", one.formatted("[" + "[],".repeat(2 * MANY) + "1]"), TOO_MUCH),
        header("objects in a tensor", one.formatted("[" + "{},".repeat(MANY) + "1]"), TOO_MUCH),
        header(
            "a text of 3 million letters",
            "{'__metadata__':{'a':'" + "x".repeat(3_000_000) + "'}}",
            "not valid JSON"),
        header("a name of two lines", "{'a\\nb':1}", "tensor a?b is not described"),
        header(
            "a long type", one.formatted("[2]").replace("F32", "F".repeat(99_999)), "has the type"),
        header(
            "empty tensors",
            "{" + emptyTensors(200_000) + one.formatted("[2]").replace("{'a'", ",'a'"),
            TOO_MUCH));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"pickles", "zips"})
  void weights_hostileTorchFile_areRefused(String what, byte[] bytes, String message)
      throws IOException {
    assertRefused(folder, TORCH, bytes, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("headers")
  void weights_hostileSafetensors_areRefused(String what, byte[] bytes, String message)
      throws IOException {
    assertRefused(folder, SAFETENSORS, bytes, message);
  }

  @Test
  void weights_halfPrecisionTransposedManyTimes_areRefused() throws IOException {
    String extent = "M\u0000\u0004"; // 1024
    String elements = "J\u0000\u0000\u0010\u0000";
    String half = STORAGE.replace("Float", "Half");
    String view =
        elements + "tQK\u0000" + extent + extent + "\u0086K\u0001" + extent + "\u0086tRq\u0001s";
    byte[] bytes =
        zip("x/data.pkl", half + view + "(" + names(40) + "u.", "x/data/0", "\0".repeat(1 << 21));

    assertRefused(folder, TORCH, bytes, TOO_MUCH);
  }

  @Test
  void inspection_textUnderManyNames_isRefused() throws IOException {
    String pickle = "\u0080\u0002}(U\u0001aX\u00c8\u0000\u0000\u0000" + "y".repeat(200) + "q\u0001";
    Path file = folder.resolve("notes.pt");
    Files.write(file, zip("x/data.pkl", pickle + names(200_000) + "u."));

    assertThatThrownBy(() -> Inspection.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(TOO_MUCH);
  }

  /** Each of these once ended in an error that was not meant for the user. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'sample_size':-9223372036854775808",
        "'sample_size':1e300",
        "'sample_size':2.5",
        "'layers_per_block':null",
        "'norm_num_groups':null",
        "'downsample_padding':null",
        "'layers_per_block':NaN",
        "'block_out_channels':[1e300]",
        "'block_out_channels':[2.5]",
        "'attn_norm_num_groups':-9223372036854775808",
        "'norm_eps':1e9999"
      })
  void options_hostileNumber_areRefused(String option) throws IOException {
    Files.writeString(
        folder.resolve("config.json"), ("{'sample_size':8," + option + "}").replace('\'', '"'));

    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void options_listOfThousands_isRefusedInOneShortLine() throws IOException {
    String widths = "[" + "1000,".repeat(10_000) + "1]";
    Files.write(
        folder.resolve("config.json"),
        latin("{'sample_size':8,'block_out_channels':%s}".formatted(widths)));

    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(UserException.class)
        .message()
        .contains("config.json")
        .hasSizeLessThan(2000);
  }

  @Test
  void options_millionsOfObjects_areRefused() throws IOException {
    Files.write(
        folder.resolve("config.json"), latin("{'sample_size':[" + "{},".repeat(MANY) + "1]}"));

    assertThatThrownBy(() -> DiffusersPipeline.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(TOO_MUCH);
  }

  @Test
  void goodZip_isRead() throws IOException {
    Path file = Files.write(folder.resolve("good.pt"), goodZip());
    assertThat(TorchFile.open(file).tensors()).containsOnlyKeys("a");
    Files.write(file, longEnd(goodZip(), 2));
    assertThat(TorchFile.open(file).tensors()).containsOnlyKeys("a");
  }

  /** A kilobyte of options must not make a network that the weights beside it cannot fill. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'block_out_channels':[2000000000]",
        "'layers_per_block':2000000000",
        "'num_class_embeds':2000000000",
        "'in_channels':2000000000,'out_channels':2000000000",
        "'time_embedding_dim':2000000000",
        "'time_embedding_type':'learned','num_train_timesteps':2000000000"
      })
  void load_networkBeyondItsWeights_isRefused(String option) throws IOException {
    String block =
        "'block_out_channels':[32],'down_block_types':['DownBlock2D'],'up_block_types':['UpBlock2D']";
    String rest =
        option.contains("block_out") ? block.replace("'block_out_channels':[32],", "") : block;
    Files.write(
        folder.resolve("config.json"), latin("{'sample_size':8," + option + "," + rest + "}"));
    Files.write(
        folder.resolve(SAFETENSORS),
        encoded("{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}", StandardCharsets.UTF_8));

    DiffusersPipeline pipeline = DiffusersPipeline.read(folder);
    assertThatThrownBy(pipeline::load)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not fit its config.json");
  }

  private static byte[] goodZip() {
    return zip(
        "x/data.pkl", tensor("K\u0002", "K\u0000", "K\u0002", "K\u0001"), "x/data/0", "12345678");
  }

  /** The same zip, whose end says in 64 bits how many entries there are. */
  private static byte[] longEnd(byte[] zip, long entries) {
    int end = zip.length - 22;
    ByteBuffer changed = ByteBuffer.allocate(zip.length + 76).order(ByteOrder.LITTLE_ENDIAN);
    changed.put(zip, 0, end);
    changed.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    changed.putInt(0).putInt(0).putLong(entries).putLong(entries);
    changed.putLong(end - directory(zip)).putLong(directory(zip));
    changed.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    changed.put(put(zip, end + 10, 2, 0xffff), end, 22);
    return changed.array();
  }

  private static int directory(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 22 + 16);
  }

  private static byte[] put(byte[] bytes, int at, int width, int number) {
    byte[] changed = bytes.clone();
    for (int i = 0; i < width; i++) {
      changed[at + i] = (byte) (number >> (8 * i));
    }
    return changed;
  }

  private static byte[] cut(byte[] bytes, int begin, int end) {
    byte[] rest = Arrays.copyOf(bytes, bytes.length - (end - begin));
    System.arraycopy(bytes, end, rest, begin, bytes.length - end);
    return rest;
  }

  /** Names for the object that was remembered as number 1. */
  private static String names(int count) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String name = Integer.toString(i, 36);
      names.append('U').append((char) name.length()).append(name).append("h\u0001");
    }
    return names.toString();
  }

  private static String emptyTensors(int count) {
    StringBuilder header = new StringBuilder();
    for (int i = 0; i < count; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("'%d':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}".formatted(i));
    }
    return header.toString();
  }

  private static String longNumber(int bytes) {
    String length = "" + (char) (bytes & 0xff) + (char) (bytes >> 8) + "\u0000\u0000";
    return "\u0080\u0002\u008b" + length + "1".repeat(bytes) + ".";
  }

  private static Arguments bytes(String what, byte[] bytes, String message) {
    return Arguments.of(what, bytes, message);
  }

  private static Arguments pickle(String what, String pickle, String message) {
    return Arguments.of(what, zip("x/data.pkl", pickle, "x/data/0", "12345678"), message);
  }

  private static Arguments header(String what, String header, String message) {
    return Arguments.of(what, encoded(header, StandardCharsets.UTF_8), message);
  }
}
