package io.github.diffusion4j.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes damaged folders out of valid ones; number n of a seed is always the same. */
final class FuzzMutation {
  private static final long STRIDE = 0x9e37_79b9_7f4a_7c15L;
  private static final int SMALL = 1 << 14;
  private static final int LARGE_EVERY = 100;

  private final List<FuzzCase> corpus;
  private final long seed;

  FuzzMutation(List<FuzzCase> corpus, long seed) {
    this.corpus = corpus;
    this.seed = seed;
  }

  /** Returns damaged folder number {@code number}; now and then it is of some MiB. */
  FuzzCase make(long number) throws IOException {
    SplittableRandom random = new SplittableRandom(seed + number * STRIDE);
    FuzzCase chosen = corpus.get(random.nextInt(corpus.size()));
    FuzzCase donor = corpus.get(random.nextInt(corpus.size()));
    if (random.nextInt(LARGE_EVERY) == 0) {
      return FuzzLarge.make(chosen.file(FuzzCorpus.CONFIG), random);
    }
    int rounds = 1 + random.nextInt(4) / 3;
    for (int i = 0; i < rounds; i++) {
      String name = anyName(chosen, random);
      byte[] bytes = chosen.file(name);
      byte[] other = donor.file(anyName(donor, random));
      chosen = chosen.with(name, change(name, bytes, other, random));
    }
    return chosen;
  }

  /** Weights are chosen more often than the options beside them. */
  private static String anyName(FuzzCase folder, SplittableRandom random) {
    List<String> names = new ArrayList<>(folder.files().keySet());
    if (!folder.corpus().equals("options") && random.nextInt(20) > 0) {
      names.remove(0);
    }
    return names.get(random.nextInt(names.size()));
  }

  private static byte[] change(String name, byte[] bytes, byte[] other, SplittableRandom random)
      throws IOException {
    if (random.nextInt(3) == 0 || bytes.length == 0) {
      return FuzzBytes.change(bytes, other, random);
    }
    if (name.endsWith(".json")) {
      return FuzzStructure.json(bytes, SMALL, random);
    }
    if (name.endsWith(".safetensors")) {
      return FuzzStructure.safetensors(bytes, SMALL, random);
    }
    boolean zip = bytes.length > 2 && bytes[0] == 'P' && bytes[1] == 'K';
    try {
      return zip
          ? FuzzStructure.zip(bytes, SMALL, random)
          : FuzzStructure.pickle(bytes, SMALL, random);
    } catch (IOException e) { // damaged already
      return FuzzBytes.change(bytes, other, random);
    }
  }
}
