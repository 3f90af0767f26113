package io.github.diffusion4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package may know which. */
class ArchitectureTest {
  private static final String ROOT = "io.github.diffusion4j";
  private static final Set<String> FORBIDDEN_IN_NAMES =
      Set.of("AlphasCumprod", "XStart", "Manager", "Helper", "Helpers", "Util", "Utils", "Impl");

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @ParameterizedTest
  @CsvSource({
    "files, ''",
    "config, files",
    "image, files",
    "torch, ''",
    "data, files torch",
    "diffusion, torch",
    "sampling, diffusion torch",
    "likelihood, diffusion sampling torch",
    "nn, config torch",
    "checkpoint, config files nn torch",
    "foreign, checkpoint config diffusion nn torch",
    "evaluation, nn torch",
    "training, diffusion nn data config checkpoint files torch",
    "baseline, training diffusion nn data config checkpoint torch"
  })
  void packages_dependOnlyOnThoseBelow(String name, String allowed) {
    String[] known =
        Stream.concat(Stream.of(name), Arrays.stream(allowed.split(" ")))
            .filter(other -> !other.isEmpty())
            .map(other -> ROOT + "." + other + "..")
            .toArray(String[]::new);

    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(known))))
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void packages_ofCore_areAllNamedAbove() {
    Set<String> packages =
        CORE.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> !name.equals(ROOT)) // the front door may use all of them
            .map(name -> name.substring(ROOT.length() + 1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(
            Set.of(
                "config",
                "image",
                "torch",
                "data",
                "diffusion",
                "files",
                "sampling",
                "likelihood",
                "nn",
                "checkpoint",
                "foreign",
                "evaluation",
                "training",
                "baseline"))
        .containsAll(packages);
  }

  @Test
  void binding_isUsedOnlyInsideItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".torch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(CORE);
  }

  @Test
  void schedules_useNoNativeCode() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Schedule")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".torch..")
        .check(CORE);
  }

  @Test
  void testLibraries_stayOutOfTheLibrary() {
    classes()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .onlyDependOnClassesThat(
            not(resideInAnyPackage("org.junit..", "org.assertj..", "com.tngtech..")))
        .check(CORE);
  }

  @Test
  void typeNames_wordsThatSayNothing_doNotOccur() {
    for (JavaClass type : CORE) {
      String[] words = type.getSimpleName().split("(?<=[a-z0-9])(?=[A-Z])");
      assertThat(words).as(type.getName()).doesNotContainAnyElementsOf(FORBIDDEN_IN_NAMES);
      assertThat(type.getSimpleName()).doesNotContain("AlphasCumprod", "XStart");
    }
  }

  @Test
  void memberNames_ofOtherCodebases_doNotOccur() {
    for (JavaClass type : CORE) {
      type.getMembers()
          .forEach(
              member ->
                  assertThat(member.getName())
                      .as(member.getFullName())
                      .isNotIn("alphasCumprod", "xStart", "predXStart", "originalSample"));
    }
  }
}
