package io.github.diffusion4j.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one Python pickle and executes nothing: the stack machine of protocols 2 to 5 with plain
 * containers, numbers and strings. Everything that Python would import is left to a {@link
 * Classes}, which knows the few names it accepts.
 *
 * <p>Python's {@code None} is {@link Constant#NONE}; tuples and lists are {@link List},
 * dictionaries {@link LinkedHashMap}, integers {@link Long} or {@link BigInteger}, floats {@link
 * Double}.
 */
final class PickleMachine {
  private static final int LONGEST_KEY = 100;
  private static final int LONGEST_INTEGER = 64;
  private static final int LONGEST_LINE = 200;

  /** What objects take of the heap at most, in bytes, with what a growing list holds twice. */
  private static final int MAP_BYTES = 144;

  private static final int ITEM_BYTES = 64;
  private static final int LIST_BYTES = 80;
  private static final int SLOT_BYTES = 16;
  private static final int TUPLE_BYTES = 72;
  private static final int MEMO_BYTES = 72;
  private static final int NUMBER_BYTES = 24;
  private static final int TEXT_BYTES = 64;

  /** Objects that are nothing but themselves. */
  enum Constant {
    /** Python's None. */
    NONE,
    /** Where a list of items begins on the stack. */
    MARK
  }

  /** What a pickle may refer to by name. */
  interface Classes {
    /** Returns what stands for {@code module.name}, or refuses it. */
    Object named(String module, String name) throws IOException;

    /** Returns the result of calling what {@link #named} returned. */
    Object call(Object named, List<?> arguments) throws IOException;

    /** Sets the state of an object. */
    void build(Object object, Object state) throws IOException;

    /** Returns what lies outside the pickle, under the given key. */
    Object persistent(Object key) throws IOException;
  }

  private final ByteBuffer in;
  private final Classes classes;
  private final Allowance allowance;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private int deepest;

  private PickleMachine(ByteBuffer in, Classes classes, Allowance allowance) {
    this.in = in;
    this.classes = classes;
    this.allowance = allowance;
  }

  /**
   * Reads the pickle that begins at the position of {@code in}, which is then just behind it.
   *
   * @param in little-endian
   * @param allowance from which every object is taken before it is made
   * @throws IOException if it is damaged, uses a name that is refused, or an opcode that is not
   *     known
   */
  static Object read(ByteBuffer in, Classes classes, Allowance allowance) throws IOException {
    PickleMachine machine = new PickleMachine(in, classes, allowance);
    try {
      Object result = machine.run();
      allowance.giveBack((long) machine.memo.size() * MEMO_BYTES);
      allowance.giveBack((long) machine.deepest * SLOT_BYTES);
      return result;
    } catch (Allowance.Exceeded e) {
      throw e;
    } catch (java.nio.BufferUnderflowException e) {
      throw new EOFException("the pickle ends too early" + machine.place());
    } catch (ClassCastException | IndexOutOfBoundsException e) {
      throw new IOException(
          "the pickle is damaged near byte " + in.position() + machine.place(), e);
    } catch (IOException e) {
      throw new IOException(e.getMessage() + machine.place(), e);
    }
  }

  /** The text that was read last and not used yet is the key of what is being made. */
  private String place() {
    for (int i = stack.size() - 1; i >= 0; i--) {
      if (stack.get(i) instanceof String text) {
        String key = text.substring(0, Math.min(text.length(), LONGEST_KEY));
        return String.format(Locale.ROOT, " (at %s)", OneLine.of(key));
      }
    }
    return "";
  }

  private Object run() throws IOException {
    while (true) {
      int opcode = in.get() & 0xff;
      if (opcode == '.') {
        return pop();
      }
      if (!constant(opcode) && !container(opcode) && !reference(opcode)) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "the pickle uses opcode 0x%02x at byte %d, which state dictionaries do not need",
                opcode,
                in.position() - 1));
      }
    }
  }

  private boolean constant(int opcode) throws IOException {
    switch (opcode) {
      case 0x80 -> in.get(); // PROTO
      case 0x95 -> in.getLong(); // FRAME
      case 'N' -> push(Constant.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push(number(in.getInt()));
      case 'K' -> push(number(in.get() & 0xff));
      case 'M' -> push(number(in.getShort() & 0xffff));
      case 0x8a -> push(integer(in.get() & 0xff));
      case 0x8b -> push(integer(in.getInt()));
      case 'G' -> push(real(Long.reverseBytes(in.getLong())));
      case 'X' -> push(text(in.getInt()));
      case 0x8c -> push(text(in.get() & 0xff));
      case 0x8d -> push(text(in.getLong()));
      case 'T' -> push(text(in.getInt())); // BINSTRING, of Python 2
      case 'U' -> push(text(in.get() & 0xff));
      case 'B' -> push(bytes(in.getInt()));
      case 'C' -> push(bytes(in.get() & 0xff));
      case 0x8e -> push(bytes(in.getLong()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean container(int opcode) throws IOException {
    switch (opcode) {
      case '(' -> push(Constant.MARK);
      case '0' -> pop();
      case '1' -> marked();
      case '2' -> push(top());
      case '}' -> push(map());
      case ']' -> push(list());
      case ')' -> push(List.of());
      case 't' -> push(tuple(marked()));
      case 0x85 -> push(tuple(items(1)));
      case 0x86 -> push(tuple(items(2)));
      case 0x87 -> push(tuple(items(3)));
      case 'a' -> append(items(1));
      case 'e' -> append(marked());
      case 's' -> setItems(items(2));
      case 'u' -> setItems(marked());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean reference(int opcode) throws IOException {
    switch (opcode) {
      case 'q' -> remember(in.get() & 0xff);
      case 'r' -> remember(in.getInt());
      case 0x94 -> remember(memo.size());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      case 'c' -> push(classes.named(line(), line()));
      case 0x93 -> {
        List<Object> name = items(2);
        push(classes.named((String) name.get(0), (String) name.get(1)));
      }
      case 'R', 0x81 -> { // REDUCE and NEWOBJ
        List<Object> call = items(2);
        push(classes.call(call.get(0), (List<?>) call.get(1)));
      }
      case 'b' -> {
        Object state = pop();
        classes.build(top(), state);
      }
      case 'Q' -> push(classes.persistent(pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void append(List<Object> items) throws IOException {
    allowance.take((long) items.size() * SLOT_BYTES);
    asList(top()).addAll(items);
  }

  private void setItems(List<Object> keysAndValues) throws IOException {
    Map<Object, Object> map = asMap(top());
    if (keysAndValues.size() % 2 != 0) {
      throw new IOException("the pickle is damaged: a dictionary has a key without a value");
    }
    allowance.take(keysAndValues.size() / 2L * ITEM_BYTES);
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      Object key = keysAndValues.get(i);
      if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
        throw new IOException("the pickle has a dictionary with a key that is no text or number");
      }
      map.put(key, keysAndValues.get(i + 1));
    }
  }

  @SuppressWarnings("unchecked") // every map of this machine is one of objects
  private static Map<Object, Object> asMap(Object object) {
    return (LinkedHashMap<Object, Object>) object;
  }

  @SuppressWarnings("unchecked") // every list of this machine is one of objects
  private static List<Object> asList(Object object) {
    return (ArrayList<Object>) object;
  }

  private void push(Object object) throws IOException {
    if (stack.size() == deepest) {
      allowance.take(SLOT_BYTES);
      deepest++;
    }
    stack.add(object);
  }

  private Object top() {
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    return stack.remove(stack.size() - 1);
  }

  /** Pops {@code count} objects, the deepest first. */
  private List<Object> items(int count) {
    List<Object> tail = stack.subList(stack.size() - count, stack.size());
    List<Object> items = Arrays.asList(tail.toArray());
    tail.clear();
    return items;
  }

  /** Pops everything above the last mark, and the mark. */
  private List<Object> marked() {
    List<Object> items = items(stack.size() - 1 - stack.lastIndexOf(Constant.MARK));
    pop();
    return items;
  }

  private List<Object> tuple(List<Object> items) throws IOException {
    allowance.take(TUPLE_BYTES + (long) items.size() * SLOT_BYTES / 4);
    return Collections.unmodifiableList(items);
  }

  private Map<Object, Object> map() throws IOException {
    allowance.take(MAP_BYTES);
    return new LinkedHashMap<>();
  }

  private List<Object> list() throws IOException {
    allowance.take(LIST_BYTES);
    return new ArrayList<>();
  }

  private void remember(int key) throws IOException {
    if (memo.put(key, top()) == null) {
      allowance.take(MEMO_BYTES);
    }
  }

  private Object remembered(int key) throws IOException {
    Object object = memo.get(key);
    if (object == null) {
      throw new IOException(
          String.format(Locale.ROOT, "the pickle refers to object %d, which it never stored", key));
    }
    return object;
  }

  private Long number(long value) throws IOException {
    allowance.take(NUMBER_BYTES);
    return value;
  }

  private Double real(long bits) throws IOException {
    allowance.take(NUMBER_BYTES);
    return Double.longBitsToDouble(bits);
  }

  private Object integer(int length) throws IOException {
    if (length > LONGEST_INTEGER) { // printing one takes time with the square of its length
      throw new IOException(
          String.format(Locale.ROOT, "the pickle has a number of %d bytes", length));
    }
    byte[] littleEndian = bytes(length);
    byte[] bigEndian = new byte[length + 1];
    for (int i = 0; i < length; i++) {
      bigEndian[length - i] = littleEndian[i];
    }
    bigEndian[0] = (byte) (length > 0 && littleEndian[length - 1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(bigEndian);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private String text(long length) throws IOException {
    byte[] bytes = bytes(length);
    allowance.take(TEXT_BYTES + 2 * length);
    String text = new String(bytes, StandardCharsets.UTF_8);
    allowance.giveBack(length);
    return text;
  }

  private byte[] bytes(long length) throws IOException {
    if (length < 0 || length > in.remaining()) {
      throw new EOFException("the pickle ends too early");
    }
    allowance.take(TEXT_BYTES + length);
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.get(); c != '\n'; c = in.get()) {
      line.append((char) (c & 0xff));
      if (line.length() > LONGEST_LINE) {
        throw new IOException(
            String.format(
                Locale.ROOT, "the pickle has a name of more than %d letters", LONGEST_LINE));
      }
    }
    return line.toString();
  }
}
