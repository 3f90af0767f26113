package io.github.diffusion4j.data;

import io.github.diffusion4j.torch.Seed;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which image stands at which position of an endless walk through a data set.
 *
 * <p>Positions count from 0 over all epochs; each epoch shows every image once, in an order of its
 * own that follows from the seed. May be used from several threads.
 */
final class BatchOrder {
  private static final int EPOCHS_KEPT = 3;

  private final int size;
  private final Seed seed;
  private final Map<Long, int[]> permutations = new LinkedHashMap<>();

  BatchOrder(int size, Seed seed) {
    this.size = size;
    this.seed = seed.derive("order");
  }

  int imageAt(long position) {
    return permutation(position / size)[(int) (position % size)];
  }

  private synchronized int[] permutation(long epoch) {
    int[] known = permutations.get(epoch);
    if (known != null) {
      return known;
    }
    if (permutations.size() == EPOCHS_KEPT) {
      permutations.remove(permutations.keySet().iterator().next());
    }
    int[] fresh = seed.derive(epoch).permutation(size);
    permutations.put(epoch, fresh);
    return fresh;
  }
}
