// The Go driver: a program of test/conformance/clients.test.ts. Standard input has where the local Snowflake is, and what to
// run; each line of standard output is JSON.
package main

import (
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	sf "github.com/snowflakedb/gosnowflake"
)

type input struct {
	Connection struct {
		Account, User, Password, Host, Role string
		Port                                int
	}
	Statements, Failing []string
}

func say(what map[string]any) {
	line, _ := json.Marshal(what)
	fmt.Println(string(line))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A value in the words that all clients of the test use.
func text(value any, kind string) any {
	switch v := value.(type) {
	case nil:
		return nil
	case []byte:
		return strings.ToUpper(hex.EncodeToString(v))
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		if kind == "FIXED" {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
		return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "e+", "e", 1)
	case *big.Int:
		return v.String()
	case string:
		if kind == "FIXED" && strings.Contains(v, ".") {
			return strings.TrimRight(strings.TrimRight(v, "0"), ".")
		}
		return v
	case time.Time:
		switch kind {
		case "DATE":
			return v.Format("2006-01-02")
		case "TIME":
			return v.Format("15:04:05.999999999")
		case "TIMESTAMP_NTZ":
			return v.Format("2006-01-02T15:04:05.999999999")
		}
		return v.Format("2006-01-02T15:04:05.999999999-07:00")
	}
	return fmt.Sprint(value)
}

func rowsOf(found *sql.Rows) ([][]any, error) {
	defer found.Close()
	types, err := found.ColumnTypes()
	if err != nil {
		return nil, err
	}
	all := [][]any{}
	for found.Next() {
		values := make([]any, len(types))
		places := make([]any, len(types))
		for i := range values {
			places[i] = &values[i]
		}
		if err := found.Scan(places...); err != nil {
			return nil, err
		}
		for i, value := range values {
			values[i] = text(value, types[i].DatabaseTypeName())
		}
		all = append(all, values)
	}
	return all, found.Err()
}

func main() {
	var given input
	fail(json.NewDecoder(os.Stdin).Decode(&given))
	place := given.Connection
	dsn, err := sf.DSN(&sf.Config{
		Account: place.Account, User: place.User, Password: place.Password, Host: place.Host, Port: place.Port,
		Role: place.Role, Protocol: "http",
	})
	fail(err)
	db, err := sql.Open("snowflake", dsn)
	fail(err)
	// One session: statements follow each other.
	db.SetMaxOpenConns(1)
	for _, statement := range given.Statements {
		found, err := db.Query(statement)
		var rows [][]any
		if err == nil {
			rows, err = rowsOf(found)
		}
		if err != nil {
			say(map[string]any{"sql": statement, "error": err.Error()})
		} else {
			say(map[string]any{"sql": statement, "rows": rows})
		}
	}

	found, err := db.Query("SELECT ?, ?, ?, ?, ?, ?, ?", 1, "Ä", nil, true, 1.5, "2.25", sf.DataTypeDate,
		time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC))
	fail(err)
	rows, err := rowsOf(found)
	fail(err)
	say(map[string]any{"binds": rows[0]})

	folder, err := os.MkdirTemp("", "clients")
	fail(err)
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "stays.csv")
	fail(os.WriteFile(path, []byte("ER,1\nER,2\n"), 0o600))
	found, err = db.Query("PUT file://" + path + " @clients.work.files")
	fail(err)
	put, err := rowsOf(found)
	fail(err)
	found, err = db.Query("COPY INTO stays (ward, days) FROM @clients.work.files")
	fail(err)
	loaded, err := rowsOf(found)
	fail(err)
	say(map[string]any{"put": put[0][6], "loaded": loaded[0][1]})

	for _, statement := range given.Failing {
		_, err := db.Exec(statement)
		var known *sf.SnowflakeError
		if errors.As(err, &known) {
			say(map[string]any{"failing": statement, "code": known.Number, "sqlState": known.SQLState})
		} else {
			say(map[string]any{"failing": statement})
		}
	}

	found, err = db.Query("SELECT SEQ8() n, 'text ' || SEQ8() t FROM TABLE(GENERATOR(ROWCOUNT => 40000))")
	fail(err)
	count, sum, texts := int64(0), int64(0), map[string]bool{}
	for found.Next() {
		var n int64
		var t string
		fail(found.Scan(&n, &t))
		count, sum, texts[t] = count+1, sum+n, true
	}
	fail(found.Err())
	say(map[string]any{"large": []int64{count, sum, int64(len(texts))}})
}
