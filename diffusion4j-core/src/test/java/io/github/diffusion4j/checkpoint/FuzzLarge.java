package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Folders of up to 8 MiB with as many small objects as possible: what they want is memory. */
final class FuzzLarge {
  private static final Charset LATIN = StandardCharsets.ISO_8859_1;
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
  private static final String TORCH = "diffusion_pytorch_model.bin";
  private static final int SMALLEST = 1 << 12;
  private static final int DOUBLINGS = 11;

  /** Parts of a JSON object; %d is the number of the part. */
  private static final List<String> HEADER_PARTS =
      List.of(
          "'%d':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}",
          "'%d':{'dtype':'U8','shape':[0,1,1,1,1,1,300],'data_offsets':[0,0]}",
          "'down_blocks.0.resnets.%d.weight':{'data_offsets':[0,0],'shape':[0],'dtype':'I64'}",
          "'__metadata__':{'a':'b'}",
          "'%d':[[],[],{},{}]",
          "'\u00e9\u4e2d%d':{}");

  private static final List<String> LIST_PARTS =
      List.of("[]", "{}", "0.1", "1000", "'\u4e2d'", "'a'", "[{}]", "{'a':[]}", "1e5");

  /** Programs that leave the stack as it was, or one object higher. */
  private static final List<String> PROGRAMS =
      List.of(
          "}",
          "]",
          "(",
          "N",
          "]0",
          "}0",
          "\u0085",
          "h\u0000\u0085",
          "h\u0000h\u0000\u0086",
          ")\u0085q\u0001",
          "}\u0094",
          "K\u00ff",
          "J\u0000\u0001\u0000\u0000",
          "G\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
          "\u008a\u0009\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
          "U\u0000",
          "X\u0001\u0000\u0000\u0000a",
          "]h\u0000a",
          "}h\u0000h\u0000s",
          "ccollections\nOrderedDict\n)R",
          "(((((t",
          "C\u0001x");

  private FuzzLarge() {}

  /** Returns one of the kinds. */
  static FuzzCase make(byte[] config, SplittableRandom random) throws IOException {
    int size = SMALLEST << random.nextInt(DOUBLINGS + 1);
    return switch (random.nextInt(5)) {
      case 0, 1 -> folder(config, WEIGHTS, header(size, random));
      case 2 -> folder(options(size, random), WEIGHTS, new byte[0]);
      default -> folder(config, TORCH, torch(size, random));
    };
  }

  private static FuzzCase folder(byte[] config, String name, byte[] weights) {
    return new FuzzCase("large", Map.of("config.json", config, name, weights));
  }

  private static byte[] header(int size, SplittableRandom random) {
    String part = HEADER_PARTS.get(random.nextInt(HEADER_PARTS.size()));
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; text.length() < size; i++) {
      text.append(i == 0 ? "" : ",").append(part.formatted(i));
    }
    byte[] json = text.append('}').toString().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  private static byte[] options(int size, SplittableRandom random) {
    String part = LIST_PARTS.get(random.nextInt(LIST_PARTS.size())) + ",";
    String text = "{'_class_name':'UNet2DModel','block_out_channels':[";
    String list = text + part.repeat(size / part.length()) + "1]}";
    return list.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  /** A dictionary with a list of what a program makes, and a tensor that is named often. */
  private static byte[] torch(int size, SplittableRandom random) throws IOException {
    StringBuilder program = new StringBuilder();
    int length = 1 + random.nextInt(3);
    for (int i = 0; i < length; i++) {
      program.append(PROGRAMS.get(random.nextInt(PROGRAMS.size())));
    }
    String begin = "\u0080\u0002}q\u0000U\u0004listU\u0001xq\u0000](";
    String pickle = begin + program.toString().repeat(Math.max(1, size / program.length())) + "es.";
    if (random.nextInt(3) == 0) {
      pickle = tensors(size);
    }
    return FuzzStructure.zipped(
        new TreeMap<>(Map.of("x/data.pkl", pickle.getBytes(LATIN), "x/data/0", new byte[8])),
        random);
  }

  /** A dictionary with one tensor under as many names as there is room for. */
  private static String tensors(int size) {
    StringBuilder pickle =
        new StringBuilder(
            "\u0080\u0002}(U\u0001actorch._utils\n_rebuild_tensor_v2\n"
                + "((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0002tQ"
                + "K\u0000K\u0001\u0085K\u0001\u0085tRq\u0001");
    for (int i = 0; pickle.length() < size; i++) {
      String name = Integer.toString(i, 36);
      pickle.append('U').append((char) name.length()).append(name).append("h\u0001");
    }
    return pickle.append("u.").toString();
  }
}
