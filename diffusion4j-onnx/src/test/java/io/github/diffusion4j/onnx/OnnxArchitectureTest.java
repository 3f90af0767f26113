package io.github.diffusion4j.onnx;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What the way to ONNX may know. */
class OnnxArchitectureTest {
  private static final String ROOT = "io.github.diffusion4j";

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void onnx_knowsNetworksAndWhatTheyNeed() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".onnx..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(
                    not(
                        resideInAnyPackage(
                            ROOT + ".onnx..",
                            ROOT + ".config..",
                            ROOT + ".files..",
                            ROOT + ".nn..",
                            ROOT + ".sampling..",
                            ROOT + ".torch.."))))
        .check(ALL);
  }

  @Test
  void onnxLibraries_areUsedOnlyHere() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".onnx..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnx..", "ai.onnxruntime..", "com.google.protobuf..")
        .check(ALL);
  }
}
