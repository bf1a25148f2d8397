// The JDBC driver: a program of test/conformance/clients.test.ts. Its first argument is the folder of what to run, in files
// of one statement a line; each line of standard output is JSON.
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.*;
import java.time.*;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.*;

public class Clients {
  private static final DateTimeFormatter SECONDS = new DateTimeFormatterBuilder()
      .appendPattern("HH:mm:ss").appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true).toFormatter();

  private static String json(Object value) {
    if (value == null) return "null";
    if (value instanceof Number || value instanceof Boolean) return value.toString();
    if (value instanceof List<?> list) {
      StringJoiner all = new StringJoiner(",", "[", "]");
      list.forEach(each -> all.add(json(each)));
      return all.toString();
    }
    StringBuilder out = new StringBuilder("\"");
    for (char c : value.toString().toCharArray())
      out.append(c < 32 || c == '"' || c == '\\' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    return out.append('"').toString();
  }

  private static void say(Object... pairs) {
    StringJoiner all = new StringJoiner(",", "{", "}");
    for (int i = 0; i < pairs.length; i += 2) all.add(json(pairs[i]) + ":" + json(pairs[i + 1]));
    System.out.println(all);
  }

  /** A value in the words that all clients of the test use. */
  private static String text(ResultSet row, int at) throws SQLException {
    String shown = row.getString(at);
    if (shown == null) return null;
    switch (row.getMetaData().getColumnTypeName(at)) {
      case "NUMBER":
        return row.getBigDecimal(at).stripTrailingZeros().toPlainString();
      case "DOUBLE":
      case "FLOAT":
        return Double.toString(row.getDouble(at)).replaceFirst("\\.0(?=E|$)", "").replace("E", "e");
      case "BOOLEAN":
        return String.valueOf(row.getBoolean(at));
      case "DATE":
        return row.getDate(at).toString();
      case "TIME":
        return SECONDS.format(Instant.ofEpochMilli(row.getTime(at).getTime()).atOffset(ZoneOffset.UTC));
      case "BINARY":
        return HexFormat.of().withUpperCase().formatHex(row.getBytes(at));
      case "TIMESTAMPNTZ": {
        LocalDateTime time = row.getTimestamp(at, Calendar.getInstance(TimeZone.getTimeZone("UTC")))
            .toInstant().atOffset(ZoneOffset.UTC).toLocalDateTime();
        return time.toLocalDate() + "T" + SECONDS.format(time);
      }
      case "TIMESTAMPLTZ": {
        ZonedDateTime time = row.getTimestamp(at).toInstant().atZone(ZoneId.of("Europe/Berlin"));
        return time.toLocalDate() + "T" + SECONDS.format(time) + time.getOffset();
      }
      case "TIMESTAMPTZ": {
        // As the session shows it: with the value's own offset.
        OffsetDateTime time = OffsetDateTime.parse(shown, DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS xx"));
        return time.toLocalDate() + "T" + SECONDS.format(time) + time.getOffset();
      }
      default:
        return shown;
    }
  }

  private static List<List<String>> rows(ResultSet found) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    while (found.next()) {
      List<String> row = new ArrayList<>();
      for (int at = 1; at <= found.getMetaData().getColumnCount(); at++) row.add(text(found, at));
      rows.add(row);
    }
    return rows;
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    Properties login = new Properties();
    for (String line : Files.readAllLines(folder.resolve("connection.txt"))) {
      String[] pair = line.split("=", 2);
      login.put(pair[0], pair[1]);
    }
    String url = (String) login.remove("url");
    try (Connection connection = DriverManager.getConnection(url, login); Statement statement = connection.createStatement()) {
      for (String sql : Files.readAllLines(folder.resolve("statements.txt"))) {
        try {
          if (statement.execute(sql)) say("sql", sql, "rows", rows(statement.getResultSet()));
          else say("sql", sql, "count", statement.getUpdateCount());
        } catch (SQLException error) {
          say("sql", sql, "error", String.valueOf(error.getMessage()));
        }
      }
      try (PreparedStatement bound = connection.prepareStatement("SELECT ?, ?, ?, ?, ?, ?, ?")) {
        bound.setInt(1, 1);
        bound.setString(2, "Ä");
        bound.setNull(3, Types.VARCHAR);
        bound.setBoolean(4, true);
        bound.setDouble(5, 1.5);
        bound.setBigDecimal(6, new BigDecimal("2.25"));
        bound.setDate(7, java.sql.Date.valueOf("2026-02-28"));
        say("binds", rows(bound.executeQuery()).get(0));
      }
      Path file = folder.resolve("stays.csv");
      Files.writeString(file, "ER,1\nER,2\n");
      try (ResultSet put = statement.executeQuery("PUT file://" + file + " @clients.work.files")) {
        put.next();
        String status = put.getString("status");
        try (ResultSet copied = statement.executeQuery("COPY INTO stays (ward, days) FROM @clients.work.files")) {
          copied.next();
          say("put", status, "loaded", copied.getString("status"));
        }
      }
      for (String sql : Files.readAllLines(folder.resolve("failing.txt"))) {
        try {
          statement.execute(sql);
          say("failing", sql);
        } catch (SQLException error) {
          say("failing", sql, "code", error.getErrorCode(), "sqlState", error.getSQLState());
        }
      }
      long count = 0;
      long sum = 0;
      Set<String> texts = new HashSet<>();
      try (ResultSet large = statement.executeQuery("SELECT SEQ8() n, 'text ' || SEQ8() t FROM TABLE(GENERATOR(ROWCOUNT => 40000))")) {
        while (large.next()) {
          count++;
          sum += large.getLong(1);
          texts.add(large.getString(2));
        }
      }
      say("large", List.of(count, sum, texts.size()));
    }
  }
}
