package io.github.diffusion4j.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.config.UserException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagsTest {
  @Test
  void parse_commandLine_givesValuesByName() {
    Flags flags = Flags.parse(" --image_size 64  --dropout=0.1 --num_heads_upsample -1 --x y\n");

    assertThat(flags.values())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("image_size", "64", "dropout", "0.1", "num_heads_upsample", "-1", "x", "y"));
    assertThat(flags.whole("num_heads_upsample")).contains(-1);
    assertThat(flags.number("dropout")).contains(0.1);
    assertThat(flags.whole("absent")).isEmpty();
    assertThat(Flags.parse(" ")).isEqualTo(Flags.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "image_size 64, image_size",
    "--image_size, --image_size",
    "--image_size --dropout 0, --image_size",
    "--image_size 64 0.1, 0.1",
    "-n 3, -n"
  })
  void parse_anythingElse_isRefusedByItsWord(String text, String word) {
    assertThatThrownBy(() -> Flags.parse(text))
        .isInstanceOf(UserException.class)
        .hasMessage("flags have %s; allowed: --name value, such as --image_size 64", word);
  }

  @ParameterizedTest
  @CsvSource({"True, true", "1, true", "y, true", "False, false", "no, false", "f, false"})
  void truth_wordsOfPython_areKnown(String word, boolean expected) {
    assertThat(Flags.parse("--class_cond " + word).truth("class_cond")).contains(expected);
  }

  @Test
  void typed_wrongValues_areRefusedWithWhatIsAllowed() {
    Flags flags = Flags.parse("--a maybe --b 1,2, --c 1.5 --d 1,x");

    assertThatThrownBy(() -> flags.truth("a"))
        .isInstanceOf(UserException.class)
        .hasMessage("flag --a is maybe; allowed: True, False");
    assertThatThrownBy(() -> flags.whole("c"))
        .hasMessage("flag --c is 1.5; allowed: a whole number");
    assertThatThrownBy(() -> flags.wholes("d")).hasMessageContaining("--d is 1,x");
    assertThat(flags.wholes("b")).contains(List.of(1, 2));
  }

  @Test
  void requireKnown_unknownName_saysTheNearest() {
    Flags flags = Flags.parse("--num_chanels 64");

    flags.requireKnown(List.of("num_chanels"));
    assertThatThrownBy(() -> flags.requireKnown(List.of("num_channels", "num_heads")))
        .isInstanceOf(UserException.class)
        .hasMessage("flag --num_chanels is unknown; did you mean --num_channels?");
    assertThatThrownBy(() -> flags.requireKnown(List.of("lr", "dim")))
        .hasMessage("flag --num_chanels is unknown; allowed: dim, lr");
  }
}
