package io.github.diffusion4j.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Changes inside a format, after which its lengths and checksums are right again. */
final class FuzzStructure {
  private static final Charset LATIN = StandardCharsets.ISO_8859_1;
  private static final Pattern TOKEN =
      Pattern.compile("\"[^\"]*+\"|-?[0-9][0-9.eE+-]*|\\w+|\\S|\\s+");

  private static final List<String> JSON_WORDS =
      List.of(
          "null",
          "true",
          "NaN",
          "Infinity",
          "-1",
          "1e999",
          "0.5",
          "[]",
          "{}",
          "\"\"",
          "[[[[",
          "{\"a\":",
          "\"\\u0000\\n\"",
          "\"../../etc/passwd\"",
          "\"__metadata__\"",
          "\"F8_E4M3\"",
          "1e1000000000",
          "123456789012345678901234567890",
          "[1,2,3,4,5,6,7,8]",
          "\"\ud83d\ude00\"",
          ",",
          ":",
          "]",
          "}");

  /** Opcodes of pickles with their arguments. */
  private static final List<String> OPCODES =
      List.of(
          "}",
          "]",
          ")",
          "(",
          "t",
          "\u0085",
          "\u0086",
          "\u0087",
          "a",
          "e",
          "s",
          "u",
          "0",
          "1",
          "2",
          "N",
          "\u0088",
          "\u0089",
          "K\u0001",
          "K\u0000",
          "M\u0000\u0001",
          "J\u00ff\u00ff\u00ff\u007f",
          "J\u00ff\u00ff\u00ff\u00ff",
          "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
          "\u008b@\u0000\u0000\u0000" + "\u00ff".repeat(64),
          "G?\u00f0\u0000\u0000\u0000\u0000\u0000\u0000",
          "X\u0001\u0000\u0000\u0000a",
          "U\u0007storage",
          "\u008c\u00030\n0",
          "q\u0000",
          "q\u0001",
          "h\u0000",
          "h\u0001",
          "h\u0005",
          "\u0094",
          "R",
          "b",
          "Q",
          "\u0081",
          "\u0093",
          ".",
          "\u0080\u0004",
          "ctorch._utils\n_rebuild_tensor_v2\n",
          "ctorch\nFloatStorage\n",
          "ctorch\nSize\n",
          "ccollections\nOrderedDict\n",
          "cposix\nsystem\n",
          "B\u0002\u0000\u0000\u0000xy");

  private FuzzStructure() {}

  /** Returns JSON with some of its words replaced, moved, doubled or lost. */
  static byte[] json(byte[] text, int most, SplittableRandom random) {
    List<String> words = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(new String(text, StandardCharsets.UTF_8));
    while (matcher.find()) {
      words.add(matcher.group());
    }
    int rounds = 1 + random.nextInt(3);
    for (int i = 0; i < rounds && !words.isEmpty(); i++) {
      int at = random.nextInt(words.size());
      int other = random.nextInt(words.size());
      switch (random.nextInt(7)) {
        case 0 -> words.remove(at);
        case 1 -> words.add(at, words.get(other));
        case 2 -> words.set(at, words.get(other));
        case 3 -> words.set(at, JSON_WORDS.get(random.nextInt(JSON_WORDS.size())));
        case 4 -> words.add(at, JSON_WORDS.get(random.nextInt(JSON_WORDS.size())));
        case 5 -> replaceNumber(words, random);
        default -> repeat(words, Math.min(at, other), Math.max(at, other), most, random);
      }
    }
    return String.join("", words).getBytes(StandardCharsets.UTF_8);
  }

  private static void replaceNumber(List<String> words, SplittableRandom random) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).matches("-?[0-9].*")) {
        numbers.add(i);
      }
    }
    if (!numbers.isEmpty()) {
      words.set(numbers.get(random.nextInt(numbers.size())), Long.toString(FuzzBytes.edge(random)));
    }
  }

  /** Repeated words often get another name each, so that they are no duplicates. */
  private static void repeat(
      List<String> words, int from, int to, int most, SplittableRandom random) {
    List<String> slice = List.copyOf(words.subList(from, to));
    int length = Math.max(1, slice.stream().mapToInt(String::length).sum());
    int times = random.nextInt(Math.max(2, most / length));
    boolean names = random.nextBoolean();
    List<String> repeated = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      String number = Integer.toString(i);
      for (String word : slice) {
        boolean isText = names && word.length() > 2 && word.startsWith("\"");
        repeated.add(isText ? word.substring(0, word.length() - 1) + number + "\"" : word);
      }
    }
    words.addAll(to, repeated);
  }

  /** Returns a safetensors file with another header, whose length is usually right. */
  static byte[] safetensors(byte[] file, int most, SplittableRandom random) {
    if (file.length < 8) {
      return file;
    }
    ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int end = (int) Math.max(8, Math.min(file.length, 8 + buffer.getLong(0)));
    byte[] header = json(Arrays.copyOfRange(file, 8, end), most, random);
    byte[] changed = FuzzBytes.replace(file, 8, end, header);
    long length = random.nextInt(10) == 0 ? FuzzBytes.edge(random) : header.length;
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    return changed;
  }

  /** Returns a pickle with some opcodes more. */
  static byte[] pickle(byte[] pickle, int most, SplittableRandom random) {
    byte[] changed = pickle;
    int rounds = 1 + random.nextInt(3);
    for (int i = 0; i < rounds; i++) {
      int at = random.nextInt(changed.length + 1);
      if (random.nextInt(3) == 0) { // before the last opcodes, where all is on the stack
        at = Math.max(0, changed.length - 1 - random.nextInt(8));
      }
      StringBuilder program = new StringBuilder();
      int length = 1 + random.nextInt(6);
      for (int k = 0; k < length; k++) {
        program.append(OPCODES.get(random.nextInt(OPCODES.size())));
      }
      byte[] slice = program.toString().getBytes(LATIN);
      int times = random.nextInt(4) == 0 ? 1 + random.nextInt(1 + most / slice.length) : 1;
      changed = FuzzBytes.replace(changed, at, at, FuzzBytes.repeated(slice, times));
    }
    return changed;
  }

  /** Returns a zip in which a part is changed, renamed or lost; checksums are right. */
  static byte[] zip(byte[] file, int most, SplittableRandom random) throws IOException {
    Map<String, byte[]> parts = parts(file);
    List<String> names = new ArrayList<>(parts.keySet());
    if (names.isEmpty()) {
      return file;
    }
    String any = names.get(random.nextInt(names.size()));
    switch (random.nextInt(10)) {
      case 0 -> parts.remove(any);
      case 1 -> parts.put("x" + any, parts.remove(any));
      case 2 ->
          parts.put(any, FuzzBytes.change(Objects.requireNonNull(parts.get(any)), file, random));
      default ->
          parts.replaceAll(
              (name, content) ->
                  !name.endsWith("data.pkl")
                      ? content
                      : random.nextInt(3) == 0
                          ? FuzzBytes.change(content, content, random)
                          : pickle(content, most, random));
    }
    return zipped(parts, random);
  }

  /** Returns a zip as PyTorch makes it; seldom one with a part that is compressed. */
  static byte[] zipped(Map<String, byte[]> parts, SplittableRandom random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> part : parts.entrySet()) {
        ZipEntry entry = new ZipEntry(part.getKey());
        CRC32 checksum = new CRC32();
        checksum.update(part.getValue());
        entry.setMethod(random.nextInt(100) == 0 ? ZipEntry.DEFLATED : ZipEntry.STORED);
        if (entry.getMethod() == ZipEntry.STORED) {
          entry.setSize(part.getValue().length);
          entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(part.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static Map<String, byte[]> parts(byte[] file) throws IOException {
    Map<String, byte[]> parts = new LinkedHashMap<>();
    try (ZipFile zip =
        ZipFile.builder().setSeekableByteChannel(new SeekableInMemoryByteChannel(file)).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        parts.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return parts;
  }
}
