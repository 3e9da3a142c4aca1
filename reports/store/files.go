package store

import (
	"os"
	"path/filepath"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// ownFile makes the file of a database and its folder, if they are not there, for
// their owner alone: results hold personal data. From a file that an older program
// made, others lose what they may; the log of a file has the permissions of the
// file, because SQLite gives them to it.
func ownFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return message.Errorf("建立结果数据库的文件夹：%w；请用 --db 指定可写的文件夹", "making the folder of the results database: %w; name a folder that can be written with --db", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil // SQLite says what is wrong, and whether it can do without
	}
	f.Close()
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o007 != 0 {
			os.Chmod(name, info.Mode().Perm()&^0o007) //nolint:errcheck // the file of another owner stays as it is
		}
	}
	return nil
}

// removeQueue deletes the job queue that older programs kept beside a SQLite
// database. Nothing is lost: they made its jobs anew from the database at every
// start.
func (s *Store) removeQueue() error {
	if s.Postgres() {
		return nil
	}
	old := filepath.Join(filepath.Dir(s.name), "queue.db")
	if old == s.name {
		return nil
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(old + suffix); err != nil && !os.IsNotExist(err) {
			return message.Errorf("删除旧版 beianwatch 的任务队列：%w；请手动删除", "removing the job queue of an older beianwatch: %w; delete it", err)
		}
	}
	return nil
}
