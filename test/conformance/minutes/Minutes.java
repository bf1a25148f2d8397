// What people do first with JDBC: a program of test/conformance/first-ten-minutes.test.ts. Its first argument is the folder of
// connection.properties; the line of standard output is JSON.
import java.nio.file.*;
import java.sql.*;
import java.util.*;

public class Minutes {
  public static void main(String[] args) throws Exception {
    Properties login = new Properties();
    try (var file = Files.newBufferedReader(Path.of(args[0], "connection.properties"))) {
      login.load(file);
    }
    String table = (String) login.remove("table");
    String file = (String) login.remove("file");
    try (Connection connection = DriverManager.getConnection((String) login.remove("url"), login);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMPORARY STAGE files");
      statement.execute("CREATE TABLE beds (case_id NUMBER, bed VARCHAR)");
      statement.execute("PUT 'file://" + file + "' @files");
      statement.execute("COPY INTO beds FROM (\n    SELECT $1, $2\n    FROM @files\n) FILE_FORMAT = (TYPE = CSV SKIP_HEADER = 1)");
      Map<Long, String> beds = new TreeMap<>();
      try (ResultSet row = statement.executeQuery("SELECT case_id, bed FROM beds")) {
        while (row.next()) beds.put(row.getLong("CASE_ID"), row.getString("BED"));
      }
      statement.execute("CREATE TABLE " + table + " (case_id NUMBER, bed VARCHAR, predicted_los FLOAT)");
      int predictions = 0;
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table + " VALUES (?, ?, ?)");
          PreparedStatement select = connection.prepareStatement("SELECT case_id, predicted_los FROM LOS.LOS_PREDICTIONS WHERE case_id > ?")) {
        int[] counts = {select.getParameterMetaData().getParameterCount(), insert.getParameterMetaData().getParameterCount()};
        if (!Arrays.equals(counts, new int[] {1, 3})) throw new IllegalStateException("parameters: " + Arrays.toString(counts));
        select.setInt(1, 0);
        try (ResultSet row = select.executeQuery()) {
          for (; row.next(); predictions++) {
            String bed = beds.get(row.getLong(1));
            if (bed == null) continue;
            insert.setLong(1, row.getLong(1));
            insert.setString(2, bed);
            insert.setDouble(3, row.getDouble(2));
            insert.addBatch();
          }
        }
        insert.executeBatch();
      }
      StringJoiner columns = new StringJoiner("\",\"", "\"", "\"");
      try (ResultSet row = connection.getMetaData().getColumns(connection.getCatalog(), connection.getSchema(), table, null)) {
        while (row.next()) columns.add(row.getString("COLUMN_NAME"));
      }
      System.out.println("{\"loaded\":" + beds.size() + ",\"predictions\":" + predictions + ",\"columns\":[" + columns + "]}");
    }
  }
}
