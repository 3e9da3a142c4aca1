package store

import (
	"bytes"
	"io/fs"
	"regexp"
	"strings"
)

// Migrations are written once. What SQLite does not know stands in a comment
// that begins with pg; PostgreSQL sorts text by the language of the database
// unless told otherwise, and runs are compared in the order of bytes.
var (
	onlyPostgres = regexp.MustCompile(`(?s)/\*pg\s(.*?)\*/`)
	textType     = regexp.MustCompile(`\bTEXT\b`)
)

// postgresScript makes PostgreSQL's SQL of a migration.
func postgresScript(sql string) string {
	return textType.ReplaceAllString(onlyPostgres.ReplaceAllString(sql, "$1"), `TEXT COLLATE "C"`)
}

// scripts is a folder of migrations, each turned into one engine's SQL as it
// is read.
type scripts struct {
	fs.FS
	turn func(string) string
}

// Open is that of [fs.FS].
func (s scripts) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(s.FS, name)
	if err != nil {
		return nil, err
	}
	return &script{bytes.NewReader([]byte(s.turn(string(text)))), info}, nil
}

// A script is one file of scripts.
type script struct {
	*bytes.Reader
	info fs.FileInfo
}

// Stat is that of [fs.File]; the size is that of the text before it was
// turned.
func (s *script) Stat() (fs.FileInfo, error) { return s.info, nil }

// Close is that of [fs.File].
func (s *script) Close() error { return nil }
