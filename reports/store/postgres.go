package store

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// poolSize is how many connections a process holds at most for writing unless
// the address says otherwise (pool_max_conns); as many as [readers] come on
// top, as many again where pages are served, one beside them, and one for the locks of
// addresses. Four processes stay within the 97 that PostgreSQL leaves to
// others than its superusers unless it is set up otherwise.
const poolSize = 10

// fewest is how many connections a process needs at least: one holds a lock
// while another works.
const fewest = 4

// oldest is the oldest PostgreSQL that this program is meant for: the oldest
// that was maintained when it was written.
const oldest = 14

// postgresEngine keeps a store in a database that many machines share.
type postgresEngine struct{ s *Store }

func (s *Store) openPostgres(ctx context.Context, dsn string) error {
	s.engine, s.dialect = postgresEngine{s}, postgresDialect
	conf, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		// What the parser says can hold a part of the password.
		return message.Errorf("无法识别结果数据库的地址：请用 --db 写成 postgres://用户:密码@主机:5432/数据库，密码中字母和数字以外的字符写成百分号加两位十六进制（或用 PGPASSWORD、~/.pgpass 提供密码）", "the address of the results database cannot be read: write postgres://USER:PASSWORD@HOST:5432/DATABASE with --db, where other characters than letters and digits in the password are written as %%XX (or leave the password to PGPASSWORD or ~/.pgpass)")
	}
	if !strings.Contains(dsn, "pool_max_conns") {
		conf.MaxConns = poolSize
	}
	conf.MaxConns = max(conf.MaxConns, fewest)
	setDefaults(conf.ConnConfig.RuntimeParams)
	several := len(hosts(&conf.ConnConfig.Config)) > 1
	if conf.ConnConfig.ConnectTimeout == 0 {
		conf.ConnConfig.ConnectTimeout = connectTime
		if several {
			conf.ConnConfig.ConnectTimeout = connectTimeEach
		}
	}
	s.insists.Store(several)
	reading := conf.ConnConfig.Copy()
	reading.ValidateConnect = s.onlyPrimary // target_session_attrs=read-write would refuse what is set below
	conf.ConnConfig.ValidateConnect = both(s.onlyPrimary, conf.ConnConfig.ValidateConnect)
	if s.pool, err = pgxpool.NewWithConfig(ctx, conf); err != nil {
		return s.Explain("opening", err)
	}
	s.writer = stdlib.OpenDBFromPool(s.pool)
	reading.RuntimeParams["default_transaction_read_only"] = "on"
	// No question of ours takes as long as compiling its plan does.
	reading.RuntimeParams["jit"] = "off"
	s.finder = stdlib.OpenDB(*reading.Copy())
	// Runs are read in the order of an index. A partition without statistics
	// looks small, and a sort of a whole run would go through the disk.
	reading.RuntimeParams["enable_sort"] = "off"
	s.reader = stdlib.OpenDB(*reading)
	for _, db := range []*sql.DB{s.reader, s.finder} {
		db.SetMaxOpenConns(readers)
		db.SetMaxIdleConns(readers)
	}
	s.side = stdlib.OpenDB(*reading)
	s.side.SetMaxOpenConns(1)
	err = s.fit(ctx)
	s.insists.Store(true)
	return err
}

// setDefaults sets what each connection needs, unless the address says otherwise.
// A plan that serves any run has to lock the partitions of all of them, so
// statements are planned for the run at hand.
func setDefaults(params map[string]string) {
	for key, value := range map[string]string{"application_name": "beianwatch", "plan_cache_mode": "force_custom_plan"} {
		if params[key] == "" {
			params[key] = value
		}
	}
}

// fit reports whether the server is one that we can work with.
func (s *Store) fit(ctx context.Context) error {
	var version int
	var standby bool
	var encoding, schema string
	err := s.pool.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, pg_is_in_recovery(), current_setting('server_encoding'), COALESCE(current_schema(), '')`).
		Scan(&version, &standby, &encoding, &schema)
	switch {
	case err != nil:
		return s.Explain("opening", err)
	case version < oldest*10000:
		return message.Errorf("结果数据库 %s 的 PostgreSQL 版本为 %d：须为 %d 或更新", "the results database %s runs on PostgreSQL %d: this program needs %d or newer", s.name, version/10000, oldest)
	case standby:
		return message.Errorf("结果数据库 %s 是只读的备用服务器：请用 --db 指定主服务器", "the results database %s is a standby that cannot be written to: name the primary server with --db", s.name)
	case encoding != "UTF8":
		return message.Errorf("结果数据库 %s 的文字编码为 %s：请使用以 ENCODING 'UTF8' 建立的数据库", "the results database %s keeps text as %s: name one that was made with ENCODING 'UTF8'", s.name, encoding)
	case schema == "":
		return message.Errorf("结果数据库 %s 没有可建表的 schema：请建立 search_path 指定的 schema，或在 --db 中去掉 search_path", "the results database %s has no schema to keep tables in: make the one that search_path names, or leave search_path out of --db", s.name)
	}
	return nil
}

// Name is what people may read of a database: the path of its file, or its
// address without the password.
func Name(dsn string) string {
	if !IsPostgres(dsn) {
		if scheme := schemeOf(dsn); scheme != "" {
			return scheme + "://…"
		}
		return strings.TrimPrefix(dsn, "file:")
	}
	conf, err := pgconn.ParseConfig(dsn)
	if err != nil {
		return "postgres://…"
	}
	return address(conf)
}

var postgresDialect = dialect{
	folder: "postgres", goose: goose.DialectPostgres,
	tables: `SELECT COUNT(CASE WHEN tablename = $1 THEN 1 END), COUNT(*) FROM pg_tables WHERE schemaname = current_schema()`,
	state:  `SELECT state FROM run WHERE id = $1 FOR SHARE`,
	anyOf:  `= ANY($2)`,
	list:   func(texts []string) any { return texts },
}

// The advisory locks of this package: the first number is ours, the second
// says what is locked. (Locks named by one number are another space.)
const (
	lockSpace      = 0x6265_6961
	lockTables     = 1
	lockPartitions = 2
	lockPruning    = 3
)

// lock holds a lock of the session: it is gone with the process that took it.
func (e postgresEngine) lock(ctx context.Context) (func(), error) {
	conn, err := e.s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1, $2)`, lockSpace, lockTables); err != nil {
		conn.Release()
		return nil, err
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock($1, $2)`, lockSpace, lockTables); err != nil {
			conn.Conn().Close(ctx)
		}
		conn.Release()
	}, nil
}

// transient: the lock makes processes wait for each other.
func (postgresEngine) transient(error, bool) bool { return false }

// hints are what a person can do about errors of PostgreSQL, by their code or
// its class.
var hints = map[string]message.Text{
	"28":    {ZH: "用户名或密码不对：请修改 --db（或 PGPASSWORD、~/.pgpass），或在 pg_hba.conf 中允许该用户", EN: "mend the user or password in --db (or PGPASSWORD, ~/.pgpass), or let the user in with pg_hba.conf"},
	"3D":    {ZH: "没有该数据库：请用 createdb 建立，或用 --db 换一个", EN: "make the database with createdb, or name another one with --db"},
	"42501": {ZH: "该用户没有建表和写入的权限：请授予，例如设为数据库的所有者", EN: "give the user the right to make and write tables in this database, for example by making it the owner"},
	"25006": {ZH: "该服务器只读：请用 --db 指定主服务器", EN: "it can only be read: name the primary server with --db"},
	"53100": {ZH: "服务器磁盘已满：请腾出空间；已保存的结果不受影响", EN: "the server's disk is full: make room; what was stored is safe"},
	"53200": {ZH: "服务器内存不足：请增加内存，或调低 max_connections", EN: "the server is out of memory: give it more, or lower its max_connections"},
	"53300": {ZH: "服务器的连接数已用完：请调高 max_connections、减少工作进程，或在 --db 中设置 pool_max_conns", EN: "the server has no connection left: raise its max_connections, start fewer workers, or set pool_max_conns in --db"},
	"55P03": {ZH: "另一个进程锁住了数据表：请等待后重新开始", EN: "another process holds the tables: wait for it, then start again"},
	"57P":   {ZH: "服务器正在启动或停止：请稍后重新开始；已保存的结果不受影响", EN: "the server is starting or stopping: start again in a moment; what was stored is safe"},
	"58":    {ZH: "服务器磁盘有故障：请查看其日志", EN: "the server's disk is failing: look into its log; what was stored is safe as far as the disk is"},
	"XX":    {ZH: "服务器的数据文件损坏或自身出错：请查看其日志", EN: "the server's files are damaged or it met a fault of its own: look into its log"},
}

func (postgresEngine) hint(err error) message.Text {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		for _, n := range []int{5, 3, 2} {
			if hint := hints[e.Code[:min(n, len(e.Code))]]; hint.EN != "" {
				return hint
			}
		}
		return message.Text{}
	}
	if errors.Is(err, pgconn.ErrStandbyConnection) || errors.Is(err, pgconn.ErrReadOnlyConnection) {
		return message.Text{ZH: "能连接的服务器都只读：请等待备用服务器升为主服务器，或用 --db 指定主服务器", EN: "only servers that cannot be written to can be reached: wait until a standby is promoted, or name the primary server with --db"}
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return message.Text{ZH: "无法连接数据库服务器：请启动它或使其可达，或修改 --db", EN: "start the server or let it be reached, or mend --db"}
	}
	if broken(err) {
		return message.Text{ZH: "连接中断：请确认服务器在运行后重新开始；已保存的结果不受影响", EN: "the connection broke: see that the server runs, then start again; what was stored is safe"}
	}
	return message.Text{}
}

// broken reports whether the connection, and not the statement, failed.
func broken(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return strings.HasPrefix(e.Code, "57P0") // the server ends its connections
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
