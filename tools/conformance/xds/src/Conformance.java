import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import jakarta.activation.DataHandler;
import jakarta.mail.util.ByteArrayDataSource;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Association;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.AssociationLabel;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.AssociationType;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Author;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.AvailabilityStatus;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Code;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Document;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.DocumentEntry;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.DocumentEntryType;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Identifiable;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.LocalizedString;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Organization;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Person;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.SubmissionSet;
import org.openehealth.ipf.commons.ihe.xds.core.requests.ProvideAndRegisterDocumentSet;
import org.openehealth.ipf.commons.ihe.xds.core.requests.RegisterDocumentSet;
import org.openehealth.ipf.commons.ihe.xds.core.requests.query.FindDocumentsQuery;
import org.openehealth.ipf.commons.ihe.xds.core.requests.query.GetDocumentsQuery;
import org.openehealth.ipf.commons.ihe.xds.core.requests.query.GetRelatedDocumentsQuery;
import org.openehealth.ipf.commons.ihe.xds.core.requests.query.QueryReturnType;
import org.openehealth.ipf.commons.ihe.xds.core.responses.ErrorInfo;
import org.openehealth.ipf.commons.ihe.xds.core.responses.QueryResponse;
import org.openehealth.ipf.commons.ihe.xds.core.responses.Response;
import org.openehealth.ipf.commons.ihe.xds.core.responses.RetrievedDocument;
import org.openehealth.ipf.commons.ihe.xds.core.responses.RetrievedDocumentSet;
import org.openehealth.ipf.commons.ihe.xds.core.responses.Status;

/** Asks a running door step by step and writes what came, a line of step, transaction and outcome each (tabs between). */
public final class Conformance {
    private static final String FIRST = "urn:uuid:" + UUID.randomUUID();
    private static final String SECOND = "urn:uuid:" + UUID.randomUUID();
    private static final String MADE = "urn:uuid:" + UUID.randomUUID();
    private final Properties given;
    private final Door door;

    private Conformance(Properties given) throws Exception {
        this.given = given;
        this.door = new Door(said("address"), said("header.person"), said("header.system"));
    }

    public static void main(String[] words) throws Exception {
        Properties given = new Properties();
        try (FileInputStream file = new FileInputStream(words[0])) {
            given.load(file);
        }
        new Conformance(given).run();
    }

    private void run() {
        step("ITI-41", "submit a document as an MTOM part", () -> outcome(door.provide(provided("first", FIRST))));
        step("ITI-18", "find it", () -> found(find(AvailabilityStatus.APPROVED, DocumentEntryType.STABLE)));
        step("ITI-18", "get it by its id", () -> found(get(FIRST, QueryReturnType.LEAF_CLASS)));
        step("ITI-18", "get a reference to it", () -> found(get(FIRST, QueryReturnType.OBJECT_REF)));
        step("ITI-43", "retrieve it, byte for byte", () -> fetched("first"));
        step("ITI-41", "replace it", () -> outcome(door.provide(replacing())));
        step("ITI-18", "find what is approved", () -> found(find(AvailabilityStatus.APPROVED, DocumentEntryType.STABLE)));
        step("ITI-18", "find what is deprecated", () ->
            found(find(AvailabilityStatus.DEPRECATED, DocumentEntryType.STABLE)));
        step("ITI-18", "get what replaced it", () -> found(related()));
        step("ITI-43", "retrieve both, and one that is not there", () -> outcome(
            door.retrieve(said("repository"), said("first.uniqueId"), said("second.uniqueId"), "1.2.3.4.5.6")));
        step("ITI-57", "deprecate it", () -> outcome(door.update(deprecating(SECOND))));
        step("ITI-18", "find what is approved", () -> found(find(AvailabilityStatus.APPROVED, DocumentEntryType.STABLE)));
        step("ITI-61", "register an on-demand document", () -> outcome(door.registerOnDemand(onDemand())));
        step("ITI-18", "find it", () -> found(find(AvailabilityStatus.APPROVED, DocumentEntryType.ON_DEMAND)));
        step("ITI-43", "retrieve it, with nothing in force to make it of", () -> made());
        step("ITI-42", "register what lies elsewhere", () -> outcome(door.register(elsewhere())));
        step("ITI-41", "submit the first again under the same id", () ->
            outcome(door.provide(provided("first", uuid()))));
        step("ITI-43", "retrieve the on-demand document again", () -> made());
        step("ITI-41", "submit with a wrong hash", () -> outcome(door.provide(wrongHash())));
        step("ITI-41", "submit for another patient than the document's", () -> outcome(door.provide(otherPatient())));
    }

    private void step(String transaction, String what, Callable<String> work) {
        String came;
        try {
            came = work.call();
        } catch (Exception broken) {
            came = "no answer: " + broken;
        }
        System.out.println("step\t" + transaction + "\t" + what + "\t" + came.replaceAll("\\s+", " "));
    }

    private ProvideAndRegisterDocumentSet provided(String name, String uuid) throws Exception {
        ProvideAndRegisterDocumentSet made = new ProvideAndRegisterDocumentSet();
        made.setSubmissionSet(submissionSet());
        add(made, entry(name, uuid), name);
        return made;
    }

    private ProvideAndRegisterDocumentSet replacing() throws Exception {
        ProvideAndRegisterDocumentSet made = provided("second", SECOND);
        made.getAssociations().add(new Association(AssociationType.REPLACE, uuid(), SECOND, FIRST));
        return made;
    }

    private ProvideAndRegisterDocumentSet wrongHash() throws Exception {
        ProvideAndRegisterDocumentSet made = new ProvideAndRegisterDocumentSet();
        made.setSubmissionSet(submissionSet());
        DocumentEntry entry = entry("third", uuid());
        entry.setHash("da39a3ee5e6b4b0d3255bfef95601890afd80709");
        add(made, entry, "third");
        return made;
    }

    private ProvideAndRegisterDocumentSet otherPatient() throws Exception {
        ProvideAndRegisterDocumentSet made = provided("third", uuid());
        Identifiable other = Identifiable.parse(said("otherPatient"));
        made.getSubmissionSet().setPatientId(other);
        made.getDocuments().get(0).getDocumentEntry().setPatientId(other);
        return made;
    }

    private void add(ProvideAndRegisterDocumentSet made, DocumentEntry entry, String name) throws Exception {
        byte[] data = Files.readAllBytes(Path.of(said(name + ".file")));
        made.getDocuments().add(
            new Document(entry, new DataHandler(new ByteArrayDataSource(data, entry.getMimeType()))));
        made.getAssociations().add(member(made.getSubmissionSet(), entry.getEntryUuid()));
    }

    private RegisterDocumentSet onDemand() {
        DocumentEntry entry = entry("first", MADE);
        entry.setUniqueId(said("onDemand.uniqueId"));
        entry.setType(DocumentEntryType.ON_DEMAND);
        entry.setCreationTime((String) null);
        entry.setRepositoryUniqueId(said("repository"));
        return registered(entry);
    }

    private RegisterDocumentSet elsewhere() {
        DocumentEntry entry = entry("first", uuid());
        entry.setUniqueId(said("elsewhere.uniqueId"));
        entry.setRepositoryUniqueId("1.2.3.4.5");
        entry.setHash("da39a3ee5e6b4b0d3255bfef95601890afd80709");
        entry.setSize(100L);
        return registered(entry);
    }

    private RegisterDocumentSet registered(DocumentEntry entry) {
        RegisterDocumentSet made = new RegisterDocumentSet();
        made.setSubmissionSet(submissionSet());
        made.getDocumentEntries().add(entry);
        made.getAssociations().add(member(made.getSubmissionSet(), entry.getEntryUuid()));
        return made;
    }

    private RegisterDocumentSet deprecating(String target) {
        RegisterDocumentSet made = new RegisterDocumentSet();
        made.setSubmissionSet(submissionSet());
        Association change = new Association(
            AssociationType.UPDATE_AVAILABILITY_STATUS, uuid(), made.getSubmissionSet().getEntryUuid(), target);
        change.setOriginalStatus(AvailabilityStatus.APPROVED);
        change.setNewStatus(AvailabilityStatus.DEPRECATED);
        made.getAssociations().add(change);
        return made;
    }

    private Association member(SubmissionSet set, String entry) {
        Association made = new Association(AssociationType.HAS_MEMBER, uuid(), set.getEntryUuid(), entry);
        made.setLabel(AssociationLabel.ORIGINAL);
        return made;
    }

    private SubmissionSet submissionSet() {
        SubmissionSet made = new SubmissionSet();
        made.setEntryUuid(uuid());
        made.assignUniqueId();
        made.setSourceId("1.2.208.176.43210.8.1");
        made.setPatientId(Identifiable.parse(said("patient")));
        made.setSubmissionTime(said("now"));
        made.setTitle(new LocalizedString("Levering", "da-DK", "UTF-8"));
        made.setContentTypeCode(code("classCode"));
        made.setAuthor(author());
        return made;
    }

    private DocumentEntry entry(String name, String uuid) {
        DocumentEntry made = new DocumentEntry();
        made.setEntryUuid(uuid);
        made.setUniqueId(said(name + ".uniqueId"));
        made.setTitle(new LocalizedString(said(name + ".title"), "da-DK", "UTF-8"));
        made.setPatientId(Identifiable.parse(said("patient")));
        made.setSourcePatientId(Identifiable.parse(said("patient")));
        made.setMimeType("text/xml");
        made.setLanguageCode("da-DK");
        made.setCreationTime(said(name + ".creationTime"));
        made.setServiceStartTime(said(name + ".creationTime"));
        made.setClassCode(code("classCode"));
        made.setTypeCode(code("typeCode"));
        made.setFormatCode(code("formatCode"));
        made.setHealthcareFacilityTypeCode(code("facilityTypeCode"));
        made.setPracticeSettingCode(code("practiceSettingCode"));
        made.getConfidentialityCodes().add(code("confidentialityCode"));
        made.getAuthors().add(author());
        return made;
    }

    private Author author() {
        Author made = new Author();
        made.getAuthorInstitution().add(Organization.parse(said("institution")));
        made.setAuthorPerson(Person.parse("^Testlæge^Testa^^^^^^&&ISO"));
        return made;
    }

    private Code code(String name) {
        String[] parts = said(name).split("\\^", 3);
        return new Code(parts[0], new LocalizedString(parts[1], "da-DK", "UTF-8"), parts[2]);
    }

    private QueryResponse find(AvailabilityStatus status, DocumentEntryType type) {
        FindDocumentsQuery asked = new FindDocumentsQuery();
        asked.setPatientId(Identifiable.parse(said("patient")));
        asked.setStatus(List.of(status));
        asked.setDocumentEntryTypes(List.of(type));
        return door.query(asked, QueryReturnType.LEAF_CLASS);
    }

    private QueryResponse get(String uuid, QueryReturnType wanted) {
        GetDocumentsQuery asked = new GetDocumentsQuery();
        asked.setUuids(List.of(uuid));
        return door.query(asked, wanted);
    }

    private QueryResponse related() {
        GetRelatedDocumentsQuery asked = new GetRelatedDocumentsQuery();
        asked.setUuid(FIRST);
        asked.setAssociationTypes(List.of(AssociationType.REPLACE));
        return door.query(asked, QueryReturnType.LEAF_CLASS);
    }

    private String fetched(String name) throws Exception {
        RetrievedDocumentSet answer = door.retrieve(said("repository"), said(name + ".uniqueId"));
        boolean same = answer.getDocuments().size() == 1
            && Arrays.equals(bytes(answer.getDocuments().get(0)), Files.readAllBytes(Path.of(said(name + ".file"))));
        return outcome(answer) + (same ? ", the same bytes" : ", other bytes");
    }

    private String made() throws Exception {
        RetrievedDocumentSet answer = door.retrieve(said("repository"), said("onDemand.uniqueId"));
        boolean kept = answer.getDocuments().stream().anyMatch(one -> one.getNewDocumentUniqueId() != null);
        return outcome(answer) + (kept ? ", kept under an id of its own" : "");
    }

    private static byte[] bytes(RetrievedDocument document) throws Exception {
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        document.getDataHandler().writeTo(held);
        return held.toByteArray();
    }

    /** The names the recipe gave the documents that were found, with the associations between them. */
    private String found(QueryResponse answer) {
        TreeSet<String> names = new TreeSet<>();
        for (DocumentEntry one : answer.getDocumentEntries()) {
            names.add(named(one.getUniqueId(), one.getEntryUuid()));
        }
        answer.getReferences().forEach(one -> names.add("reference to " + named("", one.getId())));
        answer.getAssociations().forEach(one -> names.add(one.getAssociationType().toString()));
        return outcome(answer) + ": " + (names.isEmpty() ? "nothing" : String.join(", ", names));
    }

    private String named(String uniqueId, String uuid) {
        for (String name : List.of("first", "second", "onDemand", "elsewhere")) {
            if (uniqueId.equals(said(name + ".uniqueId"))) {
                return name;
            }
        }
        return uuid.equals(FIRST) ? "first" : "another";
    }

    private static String outcome(Response answer) {
        TreeSet<String> codes = new TreeSet<>();
        for (ErrorInfo one : answer.getErrors()) {
            String own = String.valueOf(one.getCodeContext()).split(":")[0];
            codes.add(one.getSeverity().toString().toLowerCase() + " " + own);
        }
        return answer.getStatus() + (codes.isEmpty() ? "" : " (" + String.join(", ", codes) + ")");
    }

    private String said(String name) {
        return given.getProperty(name);
    }

    private static String uuid() {
        return "urn:uuid:" + UUID.randomUUID();
    }
}
