import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.StructureDefinition;

/**
 * HL7's own validator on files, each a resource in JSON: {@code Judge [resources] [definitions]...}. Of every file one line
 * says its verdict, and of every error one line says where it is and what HL7 has to say.
 */
public class Judge {
  private static final FhirContext CONTEXT = FhirContext.forR4();

  public static void main(String[] words) throws IOException {
    PrePopulatedValidationSupport given = new PrePopulatedValidationSupport(CONTEXT);
    for (int number = 1; number < words.length; number++) {
      for (Path path : files(words[number])) {
        take(given, path);
      }
    }
    FhirValidator validator = validator(given);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (Path path : files(words[0])) {
      judge(validator, path, out);
    }
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> found = Files.walk(Path.of(folder))) {
      return found.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static void take(PrePopulatedValidationSupport given, Path path) throws IOException {
    IBaseResource read = CONTEXT.newJsonParser().parseResource(Files.readString(path));
    boolean ofTheNorm = read instanceof StructureDefinition one && "specialization".equals(one.getDerivation().toCode());
    if (!ofTheNorm) {
      given.addResource(read);
    }
  }

  private static FhirValidator validator(IValidationSupport given) {
    ValidationSupportChain chain = new ValidationSupportChain(
        new DefaultProfileValidationSupport(CONTEXT),
        given,
        new CommonCodeSystemsTerminologyService(CONTEXT),
        new InMemoryTerminologyServerValidationSupport(CONTEXT),
        new SnapshotGeneratingValidationSupport(CONTEXT),
        new UnknownCodeSystemWarningValidationSupport(CONTEXT));
    FhirValidator made = CONTEXT.newValidator();
    made.registerValidatorModule(new FhirInstanceValidator(chain));
    return made;
  }

  private static void judge(FhirValidator validator, Path path, PrintStream out) throws IOException {
    String name = path.getFileName().toString();
    List<SingleValidationMessage> told = messages(validator, Files.readString(path));
    List<SingleValidationMessage> errors =
        told.stream().filter(one -> one.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0).toList();
    out.println("judged\t" + name + "\t" + errors.size() + "\t" + (told.size() - errors.size()));
    for (SingleValidationMessage one : errors) {
      out.println("error\t" + name + "\t" + one.getLocationString() + "\t" + one.getMessage().replaceAll("\\s+", " "));
    }
  }

  /** What the validator has to say; where it stumbles over a resource it cannot read, that is an error as well. */
  private static List<SingleValidationMessage> messages(FhirValidator validator, String resource) {
    try {
      return validator.validateWithResult(resource).getMessages();
    } catch (RuntimeException stumbled) {
      SingleValidationMessage unreadable = new SingleValidationMessage();
      unreadable.setSeverity(ResultSeverityEnum.FATAL);
      unreadable.setMessage("Not readable: " + stumbled.getClass().getSimpleName());
      return List.of(unreadable);
    }
  }
}
