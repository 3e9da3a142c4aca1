// Package store keeps runs and results in SQL: one row a run, one row a
// (run, domain), one row a finding. It runs on SQLite by modernc.org/sqlite,
// which needs no set-up, and on PostgreSQL, which many machines can share.
// The statements are common to both; where the two differ stands in dialect and
// engine.
package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Store is an open results database. It is safe for many goroutines, and
// for many processes: on one machine with SQLite, on many with PostgreSQL.
type Store struct {
	name   string  // for people: a path, or an address without its password
	writer *sql.DB // SQLite: one connection, it takes one writer at a time
	reader *sql.DB
	finder *sql.DB       // nil where reader serves
	side   *sql.DB       // one connection for reading what a reader needs in the midst of its rows
	pool   *pgxpool.Pool // under writer; nil on SQLite
	// insists says that connections are made to a primary alone.
	insists atomic.Bool
	dialect
	engine engine
	rules  rulesets
	refers sync.Map // by the path of a file of evidence: the files that it takes bodies from
}

// Open opens the results database dsn and brings its tables up to date. dsn
// is the path of a SQLite file, which is made (and its folder) if it is not
// there, or the address of a PostgreSQL database, postgres://….
func Open(ctx context.Context, dsn string) (*Store, error) {
	s := &Store{name: Name(dsn)}
	open := s.openSQLite
	if IsPostgres(dsn) {
		open = s.openPostgres
	}
	return s.opened(ctx, open(ctx, dsn))
}

// opened brings the tables of a database that was opened up to date; err is why it was not.
func (s *Store) opened(ctx context.Context, err error) (*Store, error) {
	if err == nil {
		err = s.Migrate(ctx, ours)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// OpenToRead is [Open] for those who only read. A SQLite file that cannot be written (on a
// medium for reading only, in a folder of others) is read as it stands: its tables must be
// up to date, and no log of a process that was killed may lie beside it.
func OpenToRead(ctx context.Context, dsn string) (*Store, error) {
	s, err := Open(ctx, dsn)
	if err == nil || IsPostgres(dsn) || !unwritable(err) {
		return s, err
	}
	still, again := openStill(ctx, dsn)
	if again != nil {
		return nil, err
	}
	return still, nil
}

// Close ends all work with the database. On SQLite it folds the write-ahead
// log into the file.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.side, s.finder, s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.pool != nil {
		s.pool.Close()
	}
	return errors.Join(errs...)
}

// Writer is what writes. On SQLite it is one connection, and a transaction on it
// begins immediate: inside a transaction only calls that take it may be made, for
// any other would wait for the connection for ever. On PostgreSQL it is a pool.
// Other tables in the same database are made with [Store.Migrate].
func (s *Store) Writer() *sql.DB { return s.writer }

// Reader is a pool for reading; it refuses to write. On SQLite a reader never waits
// for the writer. PostgreSQL sorts nothing for it that an index has in order: what reads
// a run from end to end wants that, and what finds a few rows among many wants
// [Store.Finder].
func (s *Store) Reader() *sql.DB { return s.reader }

// Finder is a pool for reading as [Store.Reader] is, where PostgreSQL chooses by what it
// knows of the tables. It is for tables that keep statistics, not for the partition of a
// run that was just stored.
func (s *Store) Finder() *sql.DB {
	if s.finder != nil {
		return s.finder
	}
	return s.reader
}

// Aside is one connection for what a reader needs in the midst of its rows: readers
// that each wanted one more of [Store.Reader] would wait for each other.
func (s *Store) Aside() *sql.DB { return s.side }

// Pool is the PostgreSQL pool under [Store.Writer], for those who need
// PostgreSQL itself; nil on SQLite.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Postgres reports whether the database is PostgreSQL, which other machines may
// be working on too.
func (s *Store) Postgres() bool { return s.pool != nil }

// Name is what people may read of a database: its path, or its address
// without the password.
func (s *Store) Name() string { return s.name }

// IsPostgres reports whether dsn is the address of a PostgreSQL database and
// not the path of a file.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Explain turns what the database says into what a person can act on. doing is a word of
// doings.
func (s *Store) Explain(doing string, err error) error {
	err = oneLine(err)
	if hint := s.engine.hint(err); hint.EN != "" {
		// The database's own words stay in the English text, for logs: the hint says what
		// they mean.
		return explained{message.Errorf("%[1]s结果数据库 %[3]s：%[5]v", "%[2]s the results database %[3]s: %[4]w; %[5]v", doings[doing], doing, s.name, err, said(hint))}
	}
	return explained{message.Errorf("%[1]s结果数据库 %[3]s：%[4]w", "%[2]s the results database %[3]s: %[4]w", doings[doing], doing, s.name, err)}
}

// explained is an error that Explain made.
type explained struct{ error }

func (e explained) In(lang string) string { return message.Explain(e.error, lang) }
func (e explained) Unwrap() error         { return e.error }

// InWords is [Store.Explain] for an error that may have come from anywhere: one of the
// database that nobody has explained, and that a person can do something about. Any other
// it returns as it is.
func (s *Store) InWords(err error) error {
	var done explained
	if err == nil || errors.As(err, &done) || s.engine.hint(err).EN == "" {
		return err
	}
	return s.Explain("working on", err)
}

// doings are what was being done, in Chinese.
var doings = map[string]string{"opening": "打开", "reading": "读取", "writing": "写入", "writing to": "写入", "making the tables of": "建表：", "thinning": "精简", "reading runs from": "读取", "storing a run in": "写入", "working on": "使用"}

// A said is a text in both languages as a value of an error; in an English text it
// stands as it is.
type said message.Text

func (t said) In(lang string) string { return message.Text(t).In(lang) }

func (t said) String() string { return t.EN }

// oneLine keeps a message that the driver spreads over several lines on one.
func oneLine(err error) error {
	if !strings.ContainsAny(err.Error(), "\n\t") {
		return err
	}
	return flat{err}
}

type flat struct{ error }

func (f flat) Error() string { return strings.Join(strings.Fields(f.error.Error()), " ") }
func (f flat) Unwrap() error { return f.error }

// Among returns the condition of a statement that the column before it is one of
// the texts, which are its parameter $2. It is one statement for any number of
// them: naming each by a mark of its own takes SQLite longer to read than to carry
// out.
func (s *Store) Among(texts []string) (condition string, parameter any) {
	return s.anyOf, s.list(texts)
}
