package io.github.diffusion4j.cli.plot;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class PlotArchitectureTest {
  private static final String PLOT = "io.github.diffusion4j.cli.plot..";

  @Test
  void drawing_knowsNothingOfDiffusion() {
    noClasses()
        .that()
        .resideInAPackage(PLOT)
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.github.diffusion4j..").and(resideOutsideOfPackage(PLOT)))
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.github.diffusion4j.cli"));
  }
}
