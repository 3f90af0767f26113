package io.github.diffusion4j.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipFile;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.StringIValueMap;
import org.bytedeco.pytorch.TupleElements;
import org.bytedeco.pytorch.global.torch;

/**
 * A network with its code in one file, as Python's {@code torch.jit.save} writes it. Such a file is
 * a program that libtorch runs: open only those that come from somebody you trust.
 */
public final class TorchScript implements AutoCloseable {
  static {
    Engine.load();
  }

  private final JitModule raw;

  private TorchScript(JitModule raw) {
    raw.retainReference();
    this.raw = raw;
  }

  /** Returns whether {@code file} looks like such a file, rather than one with weights alone. */
  public static boolean isArchive(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().anyMatch(entry -> entry.getName().matches("[^/]+/code/.+"));
    } catch (IOException e) {
      return false; // no zip at all: weights in another form, or nothing
    }
  }

  /**
   * Loads a network, to be used and not to be trained.
   *
   * @throws IOException if the file is no TorchScript archive, or libtorch cannot load it
   */
  public static TorchScript open(Path file) throws IOException {
    if (!isArchive(file)) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s is no TorchScript archive; allowed: what torch.jit.save writes",
              file));
    }
    try (Scope scope = Scope.open()) {
      JitModule raw = torch.load(file.toString());
      raw.eval();
      return new TorchScript(raw);
    } catch (RuntimeException e) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%s cannot be loaded by libtorch %s: %s",
              file,
              Engine.version(),
              reason(e)),
          e);
    }
  }

  /**
   * Runs the network.
   *
   * @param x its one tensor
   * @param flags names of the arguments that are set to true; the others keep their defaults
   * @return the tensor that it answers, or those of the tuple that it answers
   * @throws IllegalArgumentException if it cannot take {@code x}, or answers something else
   */
  public List<Tensor> run(Tensor x, String... flags) {
    try (Scope scope = Scope.open()) {
      StringIValueMap named = new StringIValueMap();
      for (String flag : flags) {
        named.put(new BytePointer(flag), new IValue(true));
      }
      List<Tensor> answers = tensors(raw.forward(new IValueVector(new IValue(x.raw())), named));
      answers.forEach(scope::keep);
      return answers;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "the TorchScript network cannot take %s: %s", x, reason(e)),
          e);
    }
  }

  /**
   * Returns a network inside this one, which is closed on its own.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public TorchScript part(String name) {
    try (Scope scope = Scope.open()) {
      if (!raw.hasattr(name) || !raw.attr(name).isModule()) {
        throw new IllegalArgumentException("the TorchScript network has no part " + name);
      }
      return new TorchScript(new JitModule(raw.attr(name).toObject()));
    }
  }

  private static List<Tensor> tensors(IValue answer) {
    if (answer.isTensor()) {
      return List.of(tensor(answer));
    }
    if (!answer.isTuple()) {
      throw new IllegalArgumentException("it answers neither a tensor nor a tuple of tensors");
    }
    List<Tensor> tensors = new ArrayList<>();
    TupleElements elements = answer.toTuple().elements();
    for (long i = 0; i < elements.size(); i++) {
      if (!elements.get(i).isTensor()) {
        throw new IllegalArgumentException("it answers a tuple with something else than tensors");
      }
      tensors.add(tensor(elements.get(i)));
    }
    return tensors;
  }

  /** Returns a tensor that lives on when the value in which it came is gone. */
  private static Tensor tensor(IValue value) {
    return new Tensor(value.toTensor().detach());
  }

  /** The line that says what is wrong: libtorch puts the way through the program around it. */
  private static String reason(RuntimeException e) {
    List<String> lines =
        String.valueOf(e.getMessage())
            .lines()
            .map(String::strip)
            .filter(l -> !l.isEmpty())
            .toList();
    return lines.stream()
        .filter(line -> line.startsWith("RuntimeError:") || line.startsWith("Error:"))
        .findFirst()
        .orElse(lines.isEmpty() ? "no reason given" : lines.get(0));
  }

  /** Frees the network. */
  @Override
  public void close() {
    raw.close();
  }
}
