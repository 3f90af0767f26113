package io.github.diffusion4j.checkpoint;

import static io.github.diffusion4j.checkpoint.HostileFiles.INDEX;
import static io.github.diffusion4j.checkpoint.HostileFiles.SAFETENSORS;
import static io.github.diffusion4j.checkpoint.HostileFiles.TORCH;
import static io.github.diffusion4j.checkpoint.HostileFiles.assertRefused;
import static io.github.diffusion4j.checkpoint.HostileFiles.encoded;
import static io.github.diffusion4j.checkpoint.HostileFiles.file;
import static io.github.diffusion4j.checkpoint.HostileFiles.latin;
import static io.github.diffusion4j.checkpoint.HostileFiles.tensor;
import static io.github.diffusion4j.checkpoint.HostileFiles.zip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.diffusion4j.torch.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Weights made by hand to do harm, or by a broken disk: each is refused with its name. */
class HostileWeightsTest {
  private static final String GOOD = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";

  @TempDir Path folder;

  static Stream<Arguments> safetensors() {
    return Stream.of(
        bytes("an empty file", new byte[0], "has only 0 bytes"),
        bytes("a length and nothing else", file(2, "", 0), "announces a header of 2 bytes"),
        bytes("a length beyond the file", file(1 << 20, GOOD, 8), "a header of 1048576 bytes"),
        bytes("a length beyond 63 bits", file(-1, GOOD, 8), "a header of 18446744073709551615"),
        bytes("no header", file(0, GOOD, 8), "announces a header of 0 bytes"),
        bytes("a header cut short", file(20, GOOD, 8), "not valid JSON"),
        bytes("elements cut short", file(GOOD.length(), GOOD, 7), "but 7 follow the header"),
        bytes("elements left over", file(GOOD.length(), GOOD, 9), "but 9 follow the header"),
        bytes("UTF-16", encoded(GOOD, StandardCharsets.UTF_16LE), "not valid JSON"),
        bytes(
            "Latin-1",
            encoded(GOOD.replace("'a'", "'\u00e4'"), StandardCharsets.ISO_8859_1),
            "not valid UTF-8"),
        bytes("a byte order mark", encoded("\ufeff" + GOOD, StandardCharsets.UTF_8), ""),
        header("space before the header", " " + GOOD, "not a JSON object"),
        header("deep nesting", "{'a':".repeat(5000), "not valid JSON"),
        header("deep lists", "{'a':" + "[".repeat(5000), "not valid JSON"),
        header(
            "a number of a million digits",
            one("F32", "[" + "9".repeat(1_000_000) + "]", "0,8"),
            ""),
        header(
            "a nested tensor",
            "{'a':{'b':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}}",
            "tensor a is not described by"),
        header(
            "no data_offsets", "{'a':{'dtype':'F32','shape':[2]}}", "tensor a is not described by"),
        header(
            "other data_offsets",
            "{'a':{'dtype':'F32','shape':[2],'offsets':[0,8]}}",
            "tensor a has no list data_offsets"),
        header("one offset", one("F32", "[2]", "8"), "tensor a has the data_offsets [8]"),
        header(
            "three offsets", one("F32", "[2]", "0,8,8"), "tensor a has the data_offsets [0, 8, 8]"),
        header(
            "a negative offset", one("F32", "[2]", "-8,0"), "tensor a has the data_offsets [-8,0]"),
        header(
            "offsets backwards", one("F32", "[2]", "8,0"), "tensor a has the data_offsets [8, 0]"),
        header("offsets as text", one("F32", "[2]", "'0','8'"), "tensor a has the data_offsets"),
        header(
            "an offset beyond 63 bits",
            one("F32", "[2]", "0,18446744073709551616"),
            "tensor a has the data_offsets"),
        header(
            "an extent beyond the file",
            one("F32", "[288230376151711744]", "0,1152921504606846976"),
            "damaged: its tensors take"),
        header(
            "a product beyond 63 bits",
            one("F32", "[4294967296,4294967296]", "0,0"),
            "tensor a has the impossible shape"),
        header(
            "a product hidden by a zero",
            one("F32", "[0,4611686018427387904,8]", "0,0"),
            "tensor a has the impossible shape"),
        header(
            "a thousand dimensions",
            one("F32", "[" + "1,".repeat(999) + "2]", "0,8"),
            "tensor a has the impossible shape"),
        header("a negative extent", one("F32", "[-2]", "0,8"), "tensor a has the shape [-2]"),
        header("another size than the shape", one("F64", "[2]", "0,8"), "tensor a of type F64"),
        header("a type that is not known", one("F4", "[2]", "0,8"), "tensor a has the type"),
        header(
            "a type that is no text",
            "{'a':{'dtype':1,'shape':[2],'data_offsets':[0,8]}}",
            "tensor a has the type 1"),
        header("whole numbers as weights", one("I32", "[2]", "0,8"), "tensor a has the type I32"),
        header("a name twice", "{" + entry("a", 0, 4) + "," + entry("a", 4, 8) + "}", "Duplicate"),
        header(
            "an old name and its new one",
            "{"
                + entry("m.attentions.0.key.bias", 0, 4)
                + ","
                + entry("m.attentions.0.to_k.bias", 4, 8)
                + "}",
            "m.attentions.0.to_k.bias under its old name"),
        header(
            "two on one place",
            "{" + entry("a", 0, 8) + "," + entry("b", 0, 8) + "}",
            "tensor b begins at byte 0"),
        header(
            "two that overlap",
            "{" + entry("a", 0, 8) + "," + entry("b", 4, 8) + "}",
            "tensor b begins at byte 4"),
        header(
            "a hole",
            "{" + entry("a", 0, 0) + "," + entry("b", 4, 8) + "}",
            "tensor b begins at byte 4"),
        header(
            "metadata that are no text",
            "{'__metadata__':{'a':{}}," + entry("a", 0, 8) + "}",
            "metadata a is not a text"));
  }

  static Stream<Arguments> torchFiles() {
    return Stream.of(
        bytes("an empty file", new byte[0], "only 0 bytes"),
        bytes("a text", latin("weights"), "neither a zip file nor one of PyTorch"),
        bytes("an unfinished zip", latin("PK\u0003\u0004...."), "a zip file without its end"),
        bytes("a zip of something else", zip("readme", "hello"), "not one of PyTorch"),
        bytes(
            "big-endian",
            zip(
                "x/data.pkl",
                tensor("K\u0002", "K\u0000", "K\u0002", "K\u0001"),
                "x/byteorder",
                "big",
                "x/data/0",
                "12345678"),
            "byte order is big"),
        pickle("nothing", "", "ends too early"),
        pickle("an end with nothing on the stack", "\u0080\u0002.", "damaged near byte"),
        pickle(
            "a call of the shell",
            "\u0080\u0002}U\u0001acposix\nsystem\n(U\u0004ls -ltRs.",
            "posix.system"),
        pickle("a call without a class", "\u0080\u0002}U\u0001aK\u0001)Rs.", "damaged near byte"),
        pickle(
            "a call of eval by STACK_GLOBAL",
            "\u0080\u0004\u008c\u0008builtins\u008c\u0004eval\u0093.",
            "builtins.eval"),
        pickle("an opcode of protocol 0", "I1\n.", "opcode 0x49"),
        pickle("an extension", "\u0080\u0002\u0082\u0001.", "opcode 0x82"),
        pickle(
            "a text longer than the file",
            "\u0080\u0002X\u00ff\u00ff\u00ff\u007f.",
            "ends too early"),
        pickle(
            "a text of negative length",
            "\u0080\u0002X\u00ff\u00ff\u00ff\u00ff.",
            "ends too early"),
        pickle("an object that was never stored", "\u0080\u0002h\u0007.", "refers to object 7"),
        pickle("a list without a mark", "\u0080\u0002]K\u0001e.", "damaged near byte"),
        pickle("a key without a value", "\u0080\u0002}(K\u0001u.", "key without a value"),
        pickle("a dictionary as a key", "\u0080\u0002}}K\u0001s.", "key that is no text or number"),
        pickle(
            "a number of many bytes",
            "\u0080\u0002\u008b\u0088\u0013\u0000\u0000" + "1".repeat(5000) + ".",
            "a number of 5000 bytes"),
        pickle("a number", "\u0080\u0002K\u0001.", "no dictionary of tensors"),
        pickle(
            "a dictionary in itself",
            "\u0080\u0002}q\u0000U\u0001ah\u0000s.",
            "no dictionary of tensors"),
        pickle(
            "a storage of another kind",
            "\u0080\u0002}U\u0001a(U\u0006memorytQs.",
            "not a storage (at a"),
        pickle(
            "fewer than no elements",
            tensor("J\u00ff\u00ff\u00ff\u00ff", "K\u0000", "K\u0002", "K\u0001"),
            "storage 0 has -1 elements (at"),
        pickle(
            "a view beyond its storage",
            tensor("K\u0002", "K\u0001", "K\u0002", "K\u0001"),
            "does not fit its storage 0 (at a)"),
        pickle(
            "a view before its storage",
            tensor("K\u0002", "J\u00ff\u00ff\u00ff\u00ff", "K\u0002", "K\u0001"),
            "does not fit its storage 0 (at a)"),
        pickle(
            "a negative stride",
            tensor("K\u0002", "K\u0001", "K\u0002", "J\u00ff\u00ff\u00ff\u00ff"),
            "does not fit its storage 0 (at a)"),
        pickle(
            "one element repeated",
            tensor("K\u0002", "K\u0000", "J\u0000\u0000\u0000\u007f", "K\u0000"),
            "does not fit its storage 0 (at a)"),
        pickle(
            "an extent as text",
            tensor("K\u0002", "K\u0000", "U\u00012", "K\u0001"),
            "damaged near byte"),
        pickle(
            "a storage that is not there",
            tensor("K\u0002", "K\u0000", "K\u0002", "K\u0001"),
            "lacks the elements of storage 0, tensor a"),
        bytes(
            "a storage of another size",
            zip(
                "x/data.pkl",
                tensor("K\u0002", "K\u0000", "K\u0002", "K\u0001"),
                "x/data/0",
                "1234"),
            "lacks the elements of storage 0, tensor a"),
        pickle(
            "more elements than memory",
            tensor(
                "\u008a\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u000f",
                "K\u0000",
                "\u008a\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u000f",
                "K\u0001"),
            "more elements than"));
  }

  static Stream<Arguments> indexes() {
    return Stream.of(
        bytes("a list", latin("[]"), "has no weight_map"),
        bytes("no map", latin("{'metadata':{}}"), "has no weight_map"),
        bytes("an empty map", latin("{'weight_map':{}}"), "has no weight_map"),
        bytes("half a map", latin("{'weight_map':{'a'"), "not valid JSON"),
        bytes("Latin-1", latin("{'weight_map':{'\u00e4':'b'}}"), "not valid UTF-8"),
        bytes(
            "a tensor twice",
            latin("{'weight_map':{'a':'good.safetensors','a':'good.safetensors'}}"),
            "Duplicate"),
        bytes(
            "a file outside",
            latin("{'weight_map':{'a':'../config.json'}}"),
            "tensor a is in \"../config.json\""),
        bytes(
            "an absolute path",
            latin("{'weight_map':{'a':'/etc/passwd'}}"),
            "tensor a is in \"/etc/passwd\""),
        bytes("no name", latin("{'weight_map':{'a':7}}"), "tensor a is in 7"),
        bytes(
            "a file that is missing",
            latin("{'weight_map':{'a':'b.safetensors'}}"),
            "tensor a is in b.safetensors, which does not exist"),
        bytes(
            "a tensor that is missing",
            latin("{'weight_map':{'a':'good.safetensors','b':'good.safetensors'}}"),
            "lacks tensor b"),
        bytes(
            "a tensor it does not name",
            latin("{'weight_map':{'b':'good.safetensors'}}"),
            "holds tensor a"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("safetensors")
  void weights_hostileSafetensors_areRefused(String what, byte[] bytes, String message)
      throws IOException {
    assertRefused(folder, SAFETENSORS, bytes, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("torchFiles")
  void weights_hostileTorchFile_areRefused(String what, byte[] bytes, String message)
      throws IOException {
    assertRefused(folder, TORCH, bytes, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("indexes")
  void weights_hostileIndex_areRefused(String what, byte[] bytes, String message)
      throws IOException {
    Files.write(folder.resolve("good.safetensors"), file(GOOD.length(), GOOD, 8));
    assertRefused(folder, INDEX, bytes, message);
  }

  @Test
  void harmlessFiles_madeTheSameWay_areRead() throws IOException {
    byte[] torch =
        zip(
            "x/data.pkl",
            tensor("K\u0002", "K\u0000", "K\u0002", "K\u0001"),
            "x/data/0",
            "\u0000\u0000\u0000@\u0000\u0000\u0000@");
    try (Scope scope = Scope.open()) {
      for (Map.Entry<String, byte[]> good :
          Map.of(SAFETENSORS, file(GOOD.length(), GOOD, 8), TORCH, torch).entrySet()) {
        Path file = Files.write(folder.resolve(good.getKey()), good.getValue());
        assertThat(WeightFiles.read(file, Precision.STORED)).containsOnlyKeys("a");
      }
    }
  }

  private static Arguments bytes(String what, byte[] bytes, String message) {
    return Arguments.of(what, bytes, message);
  }

  private static Arguments header(String what, String header, String message) {
    return Arguments.of(what, encoded(header, StandardCharsets.UTF_8), message);
  }

  private static Arguments pickle(String what, String pickle, String message) {
    return Arguments.of(what, zip("x/data.pkl", pickle), message);
  }

  private static String one(String type, String shape, String offsets) {
    return "{'a':{'dtype':'%s','shape':%s,'data_offsets':[%s]}}".formatted(type, shape, offsets);
  }

  private static String entry(String name, int begin, int end) {
    return "'%s':{'dtype':'F32','shape':[%d],'data_offsets':[%d,%d]}"
        .formatted(name, (end - begin) / 4, begin, end);
  }
}
