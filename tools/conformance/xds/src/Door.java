import java.io.File;
import java.util.ArrayList;
import java.util.List;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import jakarta.xml.ws.BindingProvider;
import org.apache.cxf.headers.Header;
import org.openehealth.ipf.commons.audit.AuditContext;
import org.openehealth.ipf.commons.ihe.ws.JaxWsRequestClientFactory;
import org.openehealth.ipf.commons.ihe.ws.WsTransactionConfiguration;
import org.openehealth.ipf.commons.ihe.xds.XDS;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLFactory30;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLQueryResponse30;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLRegistryResponse30;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLRetrieveDocumentSetResponse30;
import org.openehealth.ipf.commons.ihe.xds.core.requests.DocumentReference;
import org.openehealth.ipf.commons.ihe.xds.core.requests.ProvideAndRegisterDocumentSet;
import org.openehealth.ipf.commons.ihe.xds.core.requests.QueryRegistry;
import org.openehealth.ipf.commons.ihe.xds.core.requests.RegisterDocumentSet;
import org.openehealth.ipf.commons.ihe.xds.core.requests.RetrieveDocumentSet;
import org.openehealth.ipf.commons.ihe.xds.core.requests.query.Query;
import org.openehealth.ipf.commons.ihe.xds.core.requests.query.QueryReturnType;
import org.openehealth.ipf.commons.ihe.xds.core.responses.QueryResponse;
import org.openehealth.ipf.commons.ihe.xds.core.responses.Response;
import org.openehealth.ipf.commons.ihe.xds.core.responses.RetrievedDocumentSet;
import org.openehealth.ipf.commons.ihe.xds.core.stub.ebrs30.rs.RegistryResponseType;
import org.openehealth.ipf.commons.ihe.xds.core.transform.requests.ProvideAndRegisterDocumentSetTransformer;
import org.openehealth.ipf.commons.ihe.xds.core.transform.requests.QueryRegistryTransformer;
import org.openehealth.ipf.commons.ihe.xds.core.transform.requests.RegisterDocumentSetTransformer;
import org.openehealth.ipf.commons.ihe.xds.core.transform.requests.RetrieveDocumentSetRequestTransformer;
import org.openehealth.ipf.commons.ihe.xds.core.transform.responses.QueryResponseTransformer;
import org.openehealth.ipf.commons.ihe.xds.core.transform.responses.ResponseTransformer;
import org.openehealth.ipf.commons.ihe.xds.core.transform.responses.RetrieveDocumentSetResponseTransformer;
import org.openehealth.ipf.commons.ihe.xds.iti18.Iti18PortType;
import org.openehealth.ipf.commons.ihe.xds.iti41.Iti41PortType;
import org.openehealth.ipf.commons.ihe.xds.iti42.Iti42PortType;
import org.openehealth.ipf.commons.ihe.xds.iti43.Iti43PortType;
import org.openehealth.ipf.commons.ihe.xds.iti57.Iti57PortType;
import org.openehealth.ipf.commons.ihe.xds.iti61.Iti61PortType;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** The door as IPF's clients see it: each transaction asked through IPF's own port and understood by its transformers. */
final class Door {
    private static final EbXMLFactory30 EBXML = new EbXMLFactory30();
    private final String address;
    private final List<Header> person;
    private final List<Header> system;

    /** A door at an address; the files hold what stands in a person's and in a system's SOAP header. */
    Door(String address, String person, String system) throws Exception {
        this.address = address;
        this.person = headers(person);
        this.system = headers(system);
    }

    Response provide(ProvideAndRegisterDocumentSet asked) {
        Iti41PortType port = port(XDS.Interactions.ITI_41, "/dros/iti41", system);
        return told(port.documentRepositoryProvideAndRegisterDocumentSetB(
            new ProvideAndRegisterDocumentSetTransformer(EBXML).toEbXML(asked).getInternal()));
    }

    Response register(RegisterDocumentSet asked) {
        Iti42PortType port = port(XDS.Interactions.ITI_42, "/dros/iti42", system);
        return told(port.documentRegistryRegisterDocumentSetB(
            new RegisterDocumentSetTransformer(EBXML).toEbXML(asked).getInternal()));
    }

    Response registerOnDemand(RegisterDocumentSet asked) {
        Iti61PortType port = port(XDS.Interactions.ITI_61, "/dros/iti61", system);
        return told(port.documentRegistryRegisterOnDemandDocumentEntry(
            new RegisterDocumentSetTransformer(EBXML).toEbXML(asked).getInternal()));
    }

    Response update(RegisterDocumentSet asked) {
        Iti57PortType port = port(XDS.Interactions.ITI_57, "/dros/iti57", system);
        return told(port.documentRegistryUpdateDocumentSet(
            new RegisterDocumentSetTransformer(EBXML).toEbXML(asked).getInternal()));
    }

    QueryResponse query(Query asked, QueryReturnType wanted) {
        Iti18PortType port = port(XDS.Interactions.ITI_18, "/ddsregistry", person);
        return new QueryResponseTransformer(EBXML).fromEbXML(new EbXMLQueryResponse30(
            port.documentRegistryRegistryStoredQuery(
                new QueryRegistryTransformer(EBXML).toEbXML(new QueryRegistry(asked, wanted)).getInternal())));
    }

    RetrievedDocumentSet retrieve(String repository, String... documents) {
        Iti43PortType port = port(XDS.Interactions.ITI_43, "/ddsrepository", person);
        RetrieveDocumentSet asked = new RetrieveDocumentSet();
        for (String document : documents) {
            asked.getDocuments().add(new DocumentReference(repository, document, null));
        }
        return new RetrieveDocumentSetResponseTransformer(EBXML).fromEbXML(new EbXMLRetrieveDocumentSetResponse30(
            port.documentRepositoryRetrieveDocumentSet(
                new RetrieveDocumentSetRequestTransformer(EBXML).toEbXML(asked).getInternal())));
    }

    private static Response told(RegistryResponseType answer) {
        return new ResponseTransformer(EBXML).fromEbXML(new EbXMLRegistryResponse30(answer));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private <T> T port(XDS.Interactions interaction, String path, List<Header> headers) {
        WsTransactionConfiguration configuration = interaction.getWsTransactionConfiguration();
        Object client = new JaxWsRequestClientFactory(
            configuration, address + path, null, AuditContext.noAudit(), null, null, null, null, null, null).getClient();
        ((BindingProvider) client).getRequestContext().put(Header.HEADER_LIST, headers);
        return (T) client;
    }

    private static List<Header> headers(String file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Element top = factory.newDocumentBuilder().parse(new File(file)).getDocumentElement();
        List<Header> found = new ArrayList<>();
        for (Node one = top.getFirstChild(); one != null; one = one.getNextSibling()) {
            if (one instanceof Element element) {
                found.add(new Header(new QName(element.getNamespaceURI(), element.getLocalName()), element));
            }
        }
        return found;
    }
}
