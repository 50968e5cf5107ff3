import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Writes the data of the example jobs. From the root of the repository:
 *
 * <pre>java deployment/data-generator/SampleData.java [DIRECTORY]</pre>
 *
 * <p>Every person and every trip is invented. The output is the same byte for byte on each run and
 * each JDK: {@link Random} is specified down to its formula, and amounts are counted in cents.
 */
public final class SampleData {
  private SampleData() {}

  /** Writes the files into the directory given, or over those that are committed. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args.length > 0 ? args[0] : "deployment/app_code/data");
    Files.createDirectories(directory);
    Contacts contacts = new Contacts();
    write(directory.resolve("initial_contacts.csv"), contacts.initial());
    write(directory.resolve("update_contacts.csv"), contacts.update());
    write(directory.resolve("contact_feed_january.json"), contacts.january());
    write(directory.resolve("contact_feed_february.json"), contacts.february());
    write(directory.resolve("yellow_trips.csv"), new Trips().lines());
  }

  private static void write(Path file, List<String> lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    System.out.println(file + ": " + lines.size() + " lines");
  }

  /** Quotes what a comma would split; no sample value has a quote in it. */
  private static String csv(String... fields) {
    StringJoiner line = new StringJoiner(",");
    for (String field : fields) {
      line.add(field.contains(",") ? '"' + field + '"' : field);
    }
    return line.toString();
  }

  /** A word of a name, and how its bearer writes it in an email address. */
  private record Word(String text, String ascii) {
    /** {@code Zoë:zoe}; the part after the colon only where lower case does not say it. */
    static Word of(String entry) {
      String[] parts = entry.split(":");
      return new Word(parts[0], parts.length > 1 ? parts[1] : parts[0].toLowerCase(Locale.ROOT));
    }

    static List<Word> list(String entries) {
      return Arrays.stream(entries.split(" ")).map(Word::of).toList();
    }
  }

  private record Contact(int id, String name, String email, String state) {
    Contact withName(String other) {
      return new Contact(id, other, email, state);
    }

    Contact withEmail(String other) {
      return new Contact(id, name, other, state);
    }

    Contact withState(String other) {
      return new Contact(id, name, email, other);
    }

    String line() {
      return csv(Integer.toString(id), name, email, state);
    }

    /** What a database tells of a change: the row as it is from then on. */
    String upsert(String day) {
      return "{\"id\":%d,\"name\":%s,\"email\":%s,\"state\":%s,\"updated_at\":\"%s\",\"operation\":\"upsert\"}"
          .formatted(id, json(name), json(email), json(state), day);
    }

    static String delete(int id, String day) {
      return "{\"id\":%d,\"updated_at\":\"%s\",\"operation\":\"delete\"}".formatted(id, day);
    }

    /** No sample value has a sign in it that JSON would escape. */
    private static String json(String text) {
      String value = text.strip();
      return value.isEmpty() || value.equals("null") ? "null" : '"' + value + '"';
    }
  }

  /**
   * Contacts 1 to 1,000, and an update with all of them and 100 more. An update repeats an
   * unchanged contact byte for byte, so that a plain line comparison counts the same 92 changes as
   * the job.
   */
  private static final class Contacts {
    private static final int INITIAL = 1000;
    private static final int ADDED = 100;
    private static final int CHANGED = 92;

    /** Shown in the documentation, so it is among the changed and what changes is fixed. */
    private static final Contact SHOWN =
        new Contact(12, "Amélie Fourneau", "amelie.fourneau@example.com", "Oregon");

    private static final List<Word> GIVEN =
        Word.list(
            "Ada Amélie:amelie Aroha Bilal Björn:bjorn Carmen Chidi Dagny Ewa Farid Femi Gita"
                + " Hana Imani Iñaki:inaki Jun Kaede Karin Leilani Łukasz:lukasz Mateo Meera Nadia"
                + " Niamh Noor Ngozi Olga Pavel Priya Quinn Rosa Ruben Søren:soren Selma Tariq"
                + " Thandi Uma Viktor Wanjiru Xenia Yusuf Zoë:zoe Ольга:olga 美咲:misaki");
    private static final List<Word> FAMILY =
        Word.list(
            "Abernal Adeyola Akonui Almstedt Barwick Bergqvist Calloway Castellan Dąbrowa:dabrowa"
                + " Delacour Eriksholm Farrowby Fourneau García:garcia Goldmere Haldane Hawthorp"
                + " Ibarra Jónsdal:jonsdal Kamakele Kirabo Lindqvist Löwenau:lowenau"
                + " Mbeki-Rowe:mbekirowe Moreau Nakahara Novotek Obianozi O'Dwyer:odwyer Pellegrin"
                + " Quiroga Rasmund Sandoval Szabolyi Tanekawa Tremblay Umarov Vasconde Wetherby"
                + " Ximeno Yamakura Åkerlind:akerlind Żelazko:zelazko Zubiri");
    private static final List<String> STATES =
        List.of(
            "Alaska",
            "Arizona",
            "California",
            "Colorado",
            "Florida",
            "Georgia",
            "Hawaii",
            "Idaho",
            "Illinois",
            "Kansas",
            "Maine",
            "Michigan",
            "Montana",
            "Nevada",
            "New Mexico",
            "New York",
            "Ohio",
            "Oregon",
            "Texas",
            "Utah",
            "Vermont",
            "Washington",
            "Wyoming");
    private static final List<String> DOMAINS =
        List.of("example.com", "example.net", "example.org");

    private final Random random = new Random(19_920_408);
    private final List<Contact> initial = new ArrayList<>();
    private final List<Contact> update = new ArrayList<>();

    Contacts() {
      for (int id = 1; id <= INITIAL; id++) {
        initial.add(id == SHOWN.id() ? SHOWN : contact(id));
      }
      Set<Integer> changed = changedIds();
      for (Contact contact : initial) {
        update.add(changed.contains(contact.id()) ? change(contact) : contact);
      }
      for (int id = INITIAL + 1; id <= INITIAL + ADDED; id++) {
        update.add(contact(id));
      }
    }

    List<String> initial() {
      return initial.stream().map(Contact::line).toList();
    }

    List<String> update() {
      return update.stream().map(Contact::line).toList();
    }

    /** All contacts as of New Year, and one that moves on the twentieth. */
    List<String> january() {
      List<String> feed = new ArrayList<>();
      initial.forEach(contact -> feed.add(contact.upsert("2026-01-01")));
      feed.add(twice().withState("Nevada").upsert("2026-01-20"));
      return feed;
    }

    /**
     * The update as a feed, and what feeds have: a contact that changes twice, the later change
     * first; three that are deleted; a row that comes late; and two that change nothing.
     */
    List<String> february() {
      List<String> feed = new ArrayList<>();
      Contact shown = update.get(SHOWN.id() - 1);
      feed.add(shown.withState("Idaho").upsert("2026-02-15"));
      for (Contact contact : update) {
        if (contact.id() > INITIAL || !contact.equals(initial.get(contact.id() - 1))) {
          feed.add(contact.upsert("2026-02-01"));
        }
      }
      List.of(31, 32, 33).forEach(id -> feed.add(Contact.delete(id, "2026-02-10")));
      feed.add(twice().withState("Arizona").upsert("2026-01-10"));
      List.of(1, 3).forEach(id -> feed.add(initial.get(id - 1).upsert("2026-02-01")));
      return feed;
    }

    /** Not among the changed. */
    private Contact twice() {
      return initial.get(19);
    }

    private Set<Integer> changedIds() {
      List<Integer> others = new ArrayList<>();
      for (Contact contact : initial) {
        if (contact.id() != SHOWN.id()) {
          others.add(contact.id());
        }
      }
      Collections.shuffle(others, random);
      Set<Integer> changed = new HashSet<>(others.subList(0, CHANGED - 1));
      changed.add(SHOWN.id());
      return changed;
    }

    private Contact contact(int id) {
      Word given = pick(GIVEN);
      Word family = pick(FAMILY);
      String name =
          oneIn(20) ? family.text() + ", " + given.text() : given.text() + " " + family.text();
      String email = given.ascii() + "." + family.ascii() + id + "@" + pick(DOMAINS);
      return new Contact(
          id, padded(name), padded(missingOr(email)), padded(missingOr(pick(STATES))));
    }

    /** A move, a new address or a new name: what makes a customer record change slowly. */
    private Contact change(Contact contact) {
      if (contact.id() == SHOWN.id()) {
        return contact.withEmail("amelie@fourneau.example.org").withState("Washington");
      }
      String email = "contact" + contact.id() + "@mail." + pick(DOMAINS);
      return switch (random.nextInt(5)) {
        case 0 -> contact.withName(contact.name().strip() + "-" + pick(FAMILY).text());
        case 1 -> contact.withEmail(email);
        case 2 -> contact.withEmail(email).withState(otherState(contact));
        default -> contact.withState(otherState(contact));
      };
    }

    private String otherState(Contact contact) {
      String other;
      do {
        other = pick(STATES);
      } while (other.equals(contact.state().strip()));
      return other;
    }

    /** Exports write a missing value as nothing at all, or as the word. */
    private String missingOr(String text) {
      return oneIn(40) ? (random.nextBoolean() ? "" : "null") : text;
    }

    /** Blanks around a value, as fixed-width systems leave them. */
    private String padded(String text) {
      return oneIn(25) ? (random.nextBoolean() ? text + "  " : " " + text) : text;
    }

    private boolean oneIn(int times) {
      return random.nextInt(times) == 0;
    }

    private <T> T pick(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }
  }

  /**
   * Five days of taxi trips in the column layout of the New York yellow-cab trip records, with
   * values that no type can take in twelve of its lines.
   */
  private static final class Trips {
    private static final int TRIPS = 6000;
    private static final LocalDateTime START = LocalDateTime.of(2024, 2, 26, 0, 0, 7);
    private static final Duration SPAN = Duration.ofDays(5).minusMinutes(10);
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private static final List<String> COLUMNS =
        List.of(
            "VendorID",
            "tpep_pickup_datetime",
            "tpep_dropoff_datetime",
            "passenger_count",
            "trip_distance",
            "RatecodeID",
            "store_and_fwd_flag",
            "PULocationID",
            "DOLocationID",
            "payment_type",
            "fare_amount",
            "extra",
            "mta_tax",
            "tip_amount",
            "tolls_amount",
            "improvement_surcharge",
            "total_amount",
            "congestion_surcharge");

    /** Line of the file, counted from its header, to the columns broken there: 14 values. */
    private static final Map<Integer, Map<String, String>> BROKEN =
        new TreeMap<>(
            Map.ofEntries(
                Map.entry(4711, Map.of("trip_distance", "3,4x")),
                Map.entry(4802, Map.of("passenger_count", "abc")),
                Map.entry(4877, Map.of("tpep_pickup_datetime", "2024-02-30 08:15:00")),
                Map.entry(4930, Map.of("tpep_dropoff_datetime", "2024-02-29T25:10:00")),
                Map.entry(5003, Map.of("fare_amount", "$12.50")),
                Map.entry(5120, Map.of("tip_amount", "--", "total_amount", "n/a")),
                Map.entry(5208, Map.of("PULocationID", "132.5")),
                Map.entry(5333, Map.of("store_and_fwd_flag", "maybe")),
                Map.entry(5502, Map.of("passenger_count", "?", "DOLocationID", "JFK")),
                Map.entry(5617, Map.of("RatecodeID", "99999999999")),
                Map.entry(5730, Map.of("tolls_amount", "6,55")),
                Map.entry(5900, Map.of("tpep_pickup_datetime", "03/01/2024 09:12 PM"))));

    private final Random random = new Random(20_240_229);

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      lines.add(String.join(",", COLUMNS));
      for (long offset : pickupSeconds()) {
        String[] fields = trip(START.plusSeconds(offset));
        BROKEN
            .getOrDefault(lines.size() + 1, Map.of())
            .forEach((column, value) -> fields[COLUMNS.indexOf(column)] = value);
        lines.add(csv(fields));
      }
      return lines;
    }

    private long[] pickupSeconds() {
      long[] seconds = new long[TRIPS];
      for (int i = 0; i < TRIPS; i++) {
        seconds[i] = random.nextInt((int) SPAN.toSeconds());
      }
      Arrays.sort(seconds);
      return seconds;
    }

    private String[] trip(LocalDateTime pickup) {
      boolean airport = random.nextInt(30) == 0;
      int distance =
          airport ? 1500 + random.nextInt(600) : 40 + random.nextInt(180) * random.nextInt(6);
      int seconds = 120 + distance * (2 + random.nextInt(3)) / 2 + random.nextInt(240);
      int fare = airport ? 7000 : 300 + distance * 7 / 2 + seconds / 60 * 30;
      int extra =
          pickup.getHour() >= 16 && pickup.getHour() < 20 ? 250 : pickup.getHour() < 6 ? 100 : 0;
      int tolls = airport && random.nextBoolean() ? 694 : 0;
      int payment =
          random.nextInt(100) < 72 ? 1 : random.nextInt(100) < 92 ? 2 : 3 + random.nextInt(2);
      int congestion = random.nextInt(10) == 0 ? 0 : 250;
      int beforeTip = fare + extra + 50 + tolls + 100 + congestion;
      // A tip in cash is known to nobody
      int tip = payment == 1 ? beforeTip * random.nextInt(26) / 100 : 0;
      boolean offline = random.nextInt(90) == 0;
      return new String[] {
        Integer.toString(1 + random.nextInt(2)),
        TIME.format(pickup),
        TIME.format(pickup.plusSeconds(seconds)),
        // A driver who does not key the number in leaves it empty
        random.nextInt(80) == 0 ? "" : Integer.toString(1 + random.nextInt(6) * random.nextInt(2)),
        amount(distance),
        airport ? "2" : "1",
        offline ? "Y" : "N",
        Integer.toString(airport ? 132 : 1 + random.nextInt(263)),
        Integer.toString(1 + random.nextInt(263)),
        Integer.toString(payment),
        amount(fare),
        amount(extra),
        amount(50),
        amount(tip),
        amount(tolls),
        amount(100),
        amount(beforeTip + tip),
        random.nextInt(200) == 0 ? "" : amount(congestion)
      };
    }

    private static String amount(int hundredths) {
      return BigDecimal.valueOf(hundredths, 2).toPlainString();
    }
  }
}
