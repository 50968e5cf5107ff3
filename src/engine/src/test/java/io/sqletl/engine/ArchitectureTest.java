package io.sqletl.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sqletl.engine.stage.StageType;

@AnalyzeClasses(packages = "io.sqletl.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule importsPointDown =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("io.sqletl.engine.cli..")
          .layer("kernel")
          .definedBy("io.sqletl.engine.kernel..")
          .layer("workflow")
          .definedBy("io.sqletl.engine.workflow..")
          .layer("run")
          .definedBy("io.sqletl.engine.run..")
          .layer("stage")
          .definedBy("io.sqletl.engine.stage..")
          .layer("typing")
          .definedBy("io.sqletl.engine.typing..")
          .layer("job")
          .definedBy("io.sqletl.engine.job..")
          .layer("session")
          .definedBy("io.sqletl.engine.session..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("workflow")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("kernel")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("run")
          .mayOnlyBeAccessedByLayers("cli", "kernel")
          .whereLayer("stage")
          .mayOnlyBeAccessedByLayers("cli", "kernel", "run")
          .whereLayer("typing")
          .mayOnlyBeAccessedByLayers("cli", "kernel", "run", "stage")
          .whereLayer("job")
          .mayOnlyBeAccessedByLayers("cli", "kernel", "workflow", "run", "stage", "typing")
          .whereLayer("session")
          .mayOnlyBeAccessedByLayers("cli", "kernel", "run", "stage", "typing", "job")
          .because("imports point down this list only; CONTRIBUTING.md has the picture");

  @ArchTest
  static final ArchRule aStageTypeIsNamedAfterItsRecord =
      classes()
          .that()
          .implement(StageType.class)
          .should()
          .haveSimpleNameEndingWith("Stage")
          .because("one stage type is the record X and the class XStage");

  @ArchTest
  static final ArchRule onlyTheCommandPrints =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sqletl.engine.cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .because("what a run says, it says through its listeners");
}
