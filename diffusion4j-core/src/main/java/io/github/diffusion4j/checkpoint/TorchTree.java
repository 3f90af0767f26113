package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything in a {@link TorchFile} under the path of keys that leads to it, such as {@code
 * model.conv.weight}.
 *
 * <p>An object that is in several places is listed at the first, so that a dictionary in itself
 * ends and one that is shared a billion times takes no longer than its file.
 */
final class TorchTree {
  private static final int DEEPEST = 32;
  private static final int LONGEST_PATH = 500;
  private static final int LONGEST_TEXT = 200;

  /** What an entry takes of the heap beside its path. */
  private static final int ENTRY_BYTES = 256;

  private final Allowance allowance;
  private final Map<String, StoredTensor> stored = new LinkedHashMap<>();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * Lists what the outermost dictionary of a file holds.
   *
   * @throws IOException if the list would need more than {@code allowance}
   */
  TorchTree(Map<String, Object> contents, Allowance allowance) throws IOException {
    this.allowance = allowance;
    visit("", contents, 0);
  }

  private void visit(String path, Object value, int depth) throws IOException {
    if (value instanceof StoredTensor tensor) {
      stored.put(path, tensor);
    } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      String text = value.toString();
      allowance.take(2L * Math.min(text.length(), LONGEST_TEXT));
      notes.put(path, text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
    } else if (depth < DEEPEST && path.length() < LONGEST_PATH && seen.add(value)) {
      if (value instanceof Map<?, ?> map) {
        for (Map.Entry<?, ?> item : map.entrySet()) {
          visit(child(path, item.getKey()), item.getValue(), depth + 1);
        }
      } else if (value instanceof List<?> list) {
        for (int i = 0; i < list.size(); i++) {
          visit(child(path, i), list.get(i), depth + 1);
        }
      }
    }
  }

  private String child(String path, Object key) throws IOException {
    int length = key instanceof String text ? text.length() : LONGEST_TEXT;
    allowance.take(ENTRY_BYTES + 2L * (path.length() + length));
    return path.isEmpty() ? key.toString() : path + "." + key;
  }

  /** Returns all tensors, as {@link TorchFile#load} wants them. */
  Map<String, StoredTensor> stored() {
    return stored;
  }

  /** Returns type and shape of all tensors. */
  Map<String, TensorForm> tensors() {
    Map<String, TensorForm> forms = new LinkedHashMap<>();
    stored.forEach((path, tensor) -> forms.put(path, TensorForm.of(tensor)));
    return forms;
  }

  /** Returns all numbers, texts and truth values; long texts are cut. */
  Map<String, String> notes() {
    return notes;
  }
}
