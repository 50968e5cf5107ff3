package io.sqletl.engine.stage.extract;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLEventFactory;
import javax.xml.stream.XMLEventReader;
import javax.xml.stream.XMLEventWriter;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.events.Attribute;
import javax.xml.stream.events.StartElement;
import javax.xml.stream.events.XMLEvent;

/**
 * A document as Spark can take it apart without losing any of it.
 *
 * <p>Spark's reader ends a text at a comment or at an instruction for programs, which mean nothing
 * to the text around them; here they are left out. An element with {@code xsi:nil} is an empty text
 * to it; here it has {@link #NIL}, which is to be read as null. What it puts into one column though
 * a document means two is a problem of the document.
 *
 * @param text the document without what would cut its texts
 * @param problem what of it cannot be told apart; null for a good document
 */
record XmlText(String text, String problem) {

  /** Spark's name for the column of a text beside attributes or elements. */
  private static final String VALUE = "_value";

  private static final String ATTRIBUTE = "_";

  /** What stands for the value of an element that says that it has none; no text of a document. */
  static final String NIL = "\uE000nil\uE000";

  private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

  private static final XMLEventFactory EVENTS = XMLEventFactory.newFactory();

  /** What has been met in an element, by the name of the column whatever its case. */
  private static final class Scope {
    private final Map<String, String> attributes = new HashMap<>(4);
    private final Map<String, String> elements = new HashMap<>();
    private boolean hasText;
  }

  /**
   * @throws XMLStreamException where the document is not well-formed
   */
  static XmlText of(String text) throws XMLStreamException {
    XMLStreamReader reader =
        XmlDocuments.inputFactory().createXMLStreamReader(new StringReader(text));
    try {
      Deque<Scope> open = new ArrayDeque<>();
      String problem = null;
      boolean isCut = false;
      while (reader.hasNext()) {
        String found = null;
        switch (reader.next()) {
          case XMLStreamReader.START_ELEMENT -> {
            found = open.isEmpty() ? null : element(open.peek(), name(reader));
            Scope scope = new Scope();
            String twice = attributes(scope, reader);
            isCut |= isNil(reader);
            found = found == null ? twice : found;
            open.push(scope);
          }
          case XMLStreamReader.END_ELEMENT -> open.pop();
          case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA -> {
            Scope scope = open.peek();
            if (scope != null && !scope.hasText && !reader.isWhiteSpace()) {
              scope.hasText = true;
              found = scope.elements.containsKey(VALUE) ? ofValue(scope) : null;
            }
          }
          case XMLStreamReader.COMMENT, XMLStreamReader.PROCESSING_INSTRUCTION ->
              isCut |= !open.isEmpty();
          default -> {}
        }
        if (problem == null && found != null) {
          problem = "line " + reader.getLocation().getLineNumber() + ": " + found;
        }
      }
      return new XmlText(isCut ? withoutCuts(text) : text, problem);
    } catch (RuntimeException e) {
      // Woodstox reads a text as it is asked for, by a method that declares no exception
      if (e.getCause() instanceof XMLStreamException fault) {
        throw fault;
      }
      throw e;
    } finally {
      reader.close();
    }
  }

  private static boolean isNil(XMLStreamReader reader) {
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      if (INSTANCE.equals(reader.getAttributeNamespace(i))
          && reader.getAttributeLocalName(i).equals("nil")) {
        return true;
      }
    }
    return false;
  }

  private static String attributes(Scope scope, XMLStreamReader reader) {
    String problem = null;
    for (int i = 0; i < reader.getAttributeCount(); i++) {
      String prefix = reader.getAttributePrefix(i);
      String name = qualified(prefix, reader.getAttributeLocalName(i));
      String before = scope.attributes.put(key(ATTRIBUTE + name), name);
      if (before != null) {
        problem = "the attributes '" + before + "' and '" + name + "' differ in case only";
      }
    }
    return problem;
  }

  private static String element(Scope parent, String name) {
    String key = key(name);
    String attribute = parent.attributes.get(key);
    String before = parent.elements.putIfAbsent(key, name);
    if (attribute != null) {
      return "the attribute '"
          + attribute
          + "' and the element '"
          + name
          + "' have the same column, so that one of them is lost";
    }
    if (before != null && !before.equals(name)) {
      return "the elements '" + before + "' and '" + name + "' differ in case only";
    }
    return before == null && parent.hasText && key.equals(VALUE) ? ofValue(parent) : null;
  }

  private static String ofValue(Scope scope) {
    return "a text and the element '" + scope.elements.get(VALUE) + "' have the same column";
  }

  private static String name(XMLStreamReader reader) {
    return qualified(reader.getPrefix(), reader.getLocalName());
  }

  private static String qualified(String prefix, String name) {
    return prefix == null || prefix.isEmpty() ? name : prefix + ":" + name;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String withoutCuts(String text) throws XMLStreamException {
    XMLInputFactory factory = XmlDocuments.inputFactory();
    XMLEventReader events = factory.createXMLEventReader(new StringReader(text));
    StringWriter whole = new StringWriter(text.length());
    XMLEventWriter writer = XMLOutputFactory.newFactory().createXMLEventWriter(whole);
    while (events.hasNext()) {
      XMLEvent event = events.nextEvent();
      switch (event.getEventType()) {
        // The declaration names an encoding, which a text has no more
        case XMLEvent.COMMENT,
            XMLEvent.PROCESSING_INSTRUCTION,
            XMLEvent.START_DOCUMENT,
            XMLEvent.DTD -> {}
        case XMLEvent.START_ELEMENT -> start(event.asStartElement(), writer);
        default -> writer.add(event);
      }
    }
    writer.close();
    events.close();
    return whole.toString();
  }

  private static void start(StartElement element, XMLEventWriter writer) throws XMLStreamException {
    Attribute nil = element.getAttributeByName(new QName(INSTANCE, "nil"));
    if (nil == null) {
      writer.add(element);
      return;
    }
    List<Attribute> others = new ArrayList<>();
    element.getAttributes().forEachRemaining(others::add);
    others.remove(nil);
    writer.add(
        EVENTS.createStartElement(element.getName(), others.iterator(), element.getNamespaces()));
    if (nil.getValue().equals("true") || nil.getValue().equals("1")) {
      writer.add(EVENTS.createCharacters(NIL));
    }
  }
}
