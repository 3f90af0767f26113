package io.github.diffusion4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EmbeddedDigitsTest {

  @Test
  void load_always_hasTheFirstTenThousandOfMnist() throws Exception {
    ImageDataset digits = EmbeddedDigits.load();

    assertThat(digits.size()).isEqualTo(10_000);
    assertThat(digits.shape()).isEqualTo(new ImageShape(1, 28, 28));
    int[] firstLabels = new int[10];
    for (int i = 0; i < 10; i++) {
      firstLabels[i] = digits.label(i).orElseThrow();
    }
    assertThat(firstLabels).containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
    int[] perClass = new int[10];
    for (int i = 0; i < digits.size(); i++) {
      perClass[digits.label(i).orElseThrow()]++;
    }
    assertThat(perClass).containsExactly(1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978);
  }

  @Test
  void read_everyImage_hasTheKnownSums() throws Exception {
    ImageDataset digits = EmbeddedDigits.load();
    byte[] image = new byte[784];
    long sum = 0;
    long firstSum = 0;
    for (int i = 0; i < digits.size(); i++) {
      digits.read(i, image, 0);
      long imageSum = 0;
      for (byte value : image) {
        imageSum += Byte.toUnsignedInt(value);
      }
      firstSum = i == 0 ? imageSum : firstSum;
      sum += imageSum;
    }

    assertThat(firstSum).isEqualTo(27_525);
    assertThat(sum).isEqualTo(262_146_600);
  }

  @Test
  void notice_inTheJar_namesTheAuthors() throws Exception {
    List<String> notices = new ArrayList<>();
    for (URL url : Collections.list(getClass().getClassLoader().getResources("META-INF/NOTICE"))) {
      try (InputStream notice = url.openStream()) {
        notices.add(new String(notice.readAllBytes(), StandardCharsets.UTF_8));
      }
    }

    assertThat(notices)
        .anySatisfy(
            notice -> assertThat(notice).contains("LeCun", "Cortes", "Burges", "by-sa/3.0"));
  }

  @Test
  void take_some_seesTheFirstOnes() throws Exception {
    ImageDataset digits = EmbeddedDigits.load();
    ImageDataset three = digits.take(3);

    byte[] pixels = new byte[784];
    byte[] expected = new byte[784];
    three.read(2, pixels, 0);
    digits.read(2, expected, 0);
    assertThat(three.size()).isEqualTo(3);
    assertThat(three.label(2)).isEqualTo(OptionalInt.of(4));
    assertThat(three.classNames()).isEqualTo(EmbeddedDigits.CLASS_NAMES);
    assertThat(pixels).isEqualTo(expected);
    assertThat(three.fingerprint()).hasSize(16).isNotEqualTo(digits.fingerprint());
    assertThat(digits.take(3).fingerprint()).isEqualTo(three.fingerprint());
  }
}
