package io.github.diffusion4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.diffusion4j.torch.KnownAnswer.Deviation;
import io.github.diffusion4j.torch.VerdictFile.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict on machines that compute right, wrong by oneDNN only, and wrong altogether. */
class EngineCheckTest {
  private static final String MACHINE = "processor: made up\nthreads: 2\n";
  private static final Supplier<List<Deviation>> NONE = List::of;

  @TempDir private Path folder;
  private EngineSetting before;

  @BeforeEach
  void rememberSetting() {
    EngineCheck.require();
    before = EngineCheck.setting();
    EngineSetting.ORDINARY.apply();
  }

  @AfterEach
  void restoreSetting() {
    before.apply();
  }

  @Test
  void verdict_allRight_isOrdinaryAndKept() {
    Verdict first = check(NONE).verdict();
    Verdict second = check(EngineCheckTest::unexpected).verdict();

    assertThat(first).isEqualTo(new Verdict(EngineSetting.ORDINARY, ""));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void verdict_wrongByOneDnnOnly_goesOnWithoutItAndSaysSo() {
    Verdict verdict =
        check(() -> wrong(y -> torch.globalContext().userEnabledMkldnn() ? y.times(1.3) : y))
            .verdict();

    assertThat(verdict.setting()).isEqualTo(EngineSetting.WITHOUT_ONEDNN);
    assertThat(verdict.finding())
        .contains("convolution 3x3, 16 to 4 channels", "going on without it", "times as long")
        .hasLineCount(1);
    assertThat(EngineCheck.setting()).isEqualTo(EngineSetting.WITHOUT_ONEDNN);
  }

  @Test
  void verdict_keptByAnEarlierProcess_appliesToAllThreads() throws InterruptedException {
    Verdict first = new Verdict(EngineSetting.WITHOUT_ONEDNN, "found before");
    new VerdictFile(folder, MACHINE).write(first);

    assertThat(check(EngineCheckTest::unexpected).verdict()).isEqualTo(first);
    EngineSetting[] seen = new EngineSetting[1];
    Thread other = new Thread(() -> seen[0] = EngineCheck.setting());
    other.start();
    other.join();
    assertThat(seen[0]).isEqualTo(EngineSetting.WITHOUT_ONEDNN);
  }

  @Test
  void verdict_noSettingIsRight_refusesInOneLineAndKeepsNothing() throws IOException {
    EngineCheck check = check(() -> wrong(y -> y.times(Double.NaN)));

    assertThatThrownBy(check::verdict)
        .isInstanceOf(UnreliableEngineException.class)
        .hasMessageContainingAll("convolution 3x3", "not a number", "allowed: ")
        .message()
        .hasLineCount(1);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
    assertThat(EngineCheck.setting()).isEqualTo(EngineSetting.ORDINARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ORDINARY",
        "FASTEST\n\nprocessor: made up\nthreads: 2\n",
        "WITHOUT_ONEDNN\n\nprocessor: another\nthreads: 2\n",
        "WITHOUT_ONEDNN\n\nprocessor: made up\nthre",
        "\0\0\0\0\n\0\n"
      })
  void verdict_damagedFile_isFoundAgain(String content) throws IOException {
    check(NONE).verdict();
    Path file = onlyFile();
    String whole = Files.readString(file);
    Files.writeString(file, content);

    assertThat(check(NONE).verdict().setting()).isEqualTo(EngineSetting.ORDINARY);
    assertThat(file).hasContent(whole);
  }

  @Test
  void verdict_bytesThatAreNoText_isFoundAgain() throws IOException {
    check(NONE).verdict();
    Files.write(onlyFile(), new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0xc0});

    assertThat(check(NONE).verdict().setting()).isEqualTo(EngineSetting.ORDINARY);
  }

  @Test
  void verdict_folderThatCannotBeWritten_isGivenAllTheSame() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    EngineCheck check = new EngineCheck(NONE, new VerdictFile(file.resolve("below"), MACHINE));

    assertThat(check.verdict().setting()).isEqualTo(EngineSetting.ORDINARY);
  }

  @Test
  void verdict_ofAnotherMachine_isNotTaken() {
    new VerdictFile(folder, "processor: another\n")
        .write(new Verdict(EngineSetting.WITHOUT_ONEDNN, "there"));

    assertThat(check(NONE).verdict().setting()).isEqualTo(EngineSetting.ORDINARY);
  }

  @Test
  void withoutOneDnn_fewKnownAnswers_areRight() {
    EngineSetting.WITHOUT_ONEDNN.apply();

    assertThat(KnownAnswers.wrong(KnownAnswers.few())).isEmpty();
  }

  private EngineCheck check(Supplier<List<Deviation>> wrong) {
    return new EngineCheck(wrong, new VerdictFile(folder, MACHINE));
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().get(0);
    }
  }

  private static List<Deviation> wrong(UnaryOperator<Tensor> fault) {
    return KnownAnswers.wrong(List.of(KnownAnswersTest.broken(fault)));
  }

  private static List<Deviation> unexpected() {
    throw new AssertionError("what an earlier process found holds");
  }
}
