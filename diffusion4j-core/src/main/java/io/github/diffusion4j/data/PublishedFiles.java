package io.github.diffusion4j.data;

import java.net.URI;
import java.util.List;

/**
 * Where the files of a known data set are published.
 *
 * @param home the address below which they lie, with a slash at the end
 * @param files what to fetch; archives are unpacked
 */
record PublishedFiles(URI home, List<Item> files) {

  /** One file and its published MD5, which recognizes damage; it is no defense against malice. */
  record Item(String name, String md5) {}

  static PublishedFiles of(KnownDataset set) {
    return switch (set) {
      case MNIST ->
          new PublishedFiles(
              URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
              idx(
                  "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                  "d53e105ee54ea40749a09fcbcd1e9432",
                  "9fb629c4189551a2d022fa330f9573f3",
                  "ec29112dd5afa0611ce80d1b7f02629c"));
      case FASHION_MNIST ->
          new PublishedFiles(
              URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
              idx(
                  "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                  "25c81989df183df01b3e8a0aad5dffbe",
                  "bef4ecab320f06d8554ea6380940ec79",
                  "bb300cfdad3c16e7a12a480ee83cd310"));
      case CIFAR10 ->
          new PublishedFiles(
              URI.create("https://www.cs.toronto.edu/~kriz/"),
              List.of(new Item("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530")));
    };
  }

  private static List<Item> idx(
      String trainImages, String trainLabels, String testImages, String testLabels) {
    return List.of(
        new Item("train-images-idx3-ubyte.gz", trainImages),
        new Item("train-labels-idx1-ubyte.gz", trainLabels),
        new Item("t10k-images-idx3-ubyte.gz", testImages),
        new Item("t10k-labels-idx1-ubyte.gz", testLabels));
  }
}
