package io.github.diffusion4j.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes files that are seen complete or not at all.
 *
 * <p>A file is written beside its place under a hidden name, and renamed. Missing folders are made,
 * a link is followed, and what is neither a file nor a folder, such as a pipe, gets the bytes as
 * they come. Where writing fails, what was there before is unchanged, nothing partial stays, and a
 * {@link Failure} names the file and the cause.
 */
public final class AtomicFile {
  private static final String PARTIAL = ".d4j-partial";

  private AtomicFile() {}

  /** The content of a file, for a stream. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is buffered, and need not be closed. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** The content of a file, for a channel. */
  @FunctionalInterface
  public interface ChannelContent {
    /** Writes everything. */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  /** A file or folder could not be written; the message says which, and why. */
  public static final class Failure extends IOException {
    private static final long serialVersionUID = 1L;

    /** {@code target} could not be written because of {@code cause}. */
    public Failure(Path target, IOException cause) {
      super(target + " cannot be written: " + reason(cause), cause);
    }
  }

  /** Makes {@code target} a file with the given text in UTF-8. */
  public static void write(Path target, CharSequence text) throws IOException {
    write(target, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Makes {@code target} a file with the given bytes. */
  public static void write(Path target, byte[] bytes) throws IOException {
    writeChannel(target, channel -> writeAll(ByteBuffer.wrap(bytes), channel));
  }

  /** Makes {@code target} a file with the given content. */
  public static void write(Path target, Content content) throws IOException {
    writeChannel(
        target,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
          content.writeTo(out);
          out.flush();
        });
  }

  /** Makes {@code target} a file with the given content, which needs no buffer. */
  public static void writeChannel(Path target, ChannelContent content) throws IOException {
    replace(target, PARTIAL, content);
  }

  /** Writes as {@link #write(Path, CharSequence)}, and forces the bytes to the disk. */
  public static void writeForced(Path target, CharSequence text) throws IOException {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    replace(
        target,
        PARTIAL,
        channel -> {
          writeAll(ByteBuffer.wrap(bytes), channel);
          ((Destination) channel).force();
        });
  }

  /**
   * Writes as {@link #writeChannel}, forced to the disk, where other processes may be writing the
   * same file at this moment.
   *
   * @param draftSuffix how the hidden names of drafts end, after the number of this process
   */
  public static void writeShared(Path target, String draftSuffix, ChannelContent content)
      throws IOException {
    replace(
        target,
        "." + ProcessHandle.current().pid() + draftSuffix,
        channel -> {
          content.writeTo(channel);
          ((Destination) channel).force();
        });
  }

  /** Adds text to the end of a file, which is made if it is missing: all of it or nothing. */
  public static void append(Path target, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long before = channel.size();
      channel.position(before);
      try {
        writeAll(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), channel);
      } catch (IOException e) {
        channel.truncate(before);
        throw e;
      }
    } catch (IOException e) {
      throw new Failure(target, e);
    }
  }

  private static void replace(Path target, String draftSuffix, ChannelContent content)
      throws IOException {
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      fillInPlace(target, content);
      return;
    }
    Path draft = null;
    try {
      Path file = withoutLinks(target);
      requireWritable(file);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      draft = file.resolveSibling("." + file.getFileName() + draftSuffix);
      fill(
          target,
          FileChannel.open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING),
          content);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      throw new Failure(target, e);
    } finally {
      if (draft != null) {
        Files.deleteIfExists(draft);
      }
    }
  }

  /** A pipe or a device cannot be written beside its place. */
  private static void fillInPlace(Path target, ChannelContent content) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(target, StandardOpenOption.WRITE);
    } catch (FileSystemException e) {
      throw new Failure(target, e);
    }
    fill(target, channel, content);
  }

  /** Content that reads may fail for other reasons than writing: those errors stay as they are. */
  private static void fill(Path target, FileChannel channel, ChannelContent content)
      throws IOException {
    try (Destination destination = new Destination(target, channel)) {
      content.writeTo(destination);
    } catch (IOException e) {
      throw failure(e).map(IOException.class::cast).orElse(e);
    }
  }

  /** Encoders hide the error of the stream behind one of their own. */
  private static Optional<Failure> failure(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof Failure failure) {
        return Optional.of(failure);
      }
    }
    return Optional.empty();
  }

  private static void requireWritable(Path file) throws IOException {
    if (Files.exists(file) && !Files.isWritable(file)) {
      throw new AccessDeniedException(file.toString());
    }
  }

  /** Returns the absolute path of the file that {@code target} leads to, which need not exist. */
  private static Path withoutLinks(Path target) throws IOException {
    Path file = target.toAbsolutePath();
    if (Files.exists(file)) {
      return file.toRealPath();
    }
    return Files.isSymbolicLink(file)
        ? withoutLinks(file.resolveSibling(Files.readSymbolicLink(file)))
        : file;
  }

  private static void writeAll(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static String reason(IOException problem) {
    Throwable root = problem;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (root instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    if (root instanceof FileAlreadyExistsException other) {
      return other.getFile() + " is no folder";
    }
    String text =
        root instanceof FileSystemException system ? system.getReason() : root.getMessage();
    return text == null ? root.getClass().getSimpleName() : text;
  }

  /** Where the bytes go; its errors name the file. */
  private record Destination(Path target, FileChannel channel) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      try {
        return channel.write(bytes);
      } catch (IOException e) {
        throw new Failure(target, e);
      }
    }

    void force() throws IOException {
      try {
        channel.force(true);
      } catch (IOException e) {
        throw new Failure(target, e);
      }
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } catch (IOException e) {
        throw new Failure(target, e);
      }
    }
  }
}
