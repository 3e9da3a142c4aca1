package wacz

import (
	"archive/zip"
	"io"

	"github.com/beianwatch/beianwatch/crawler/message"
)

// open reads the list of parts, if it is one of a package.
func open(file io.ReaderAt, size int64) (*zip.Reader, error) {
	few := &firstReads{file: file, left: maxDirectory}
	z, err := zip.NewReader(few, size)
	if err != nil {
		return nil, message.Errorf("不是 WACZ（ZIP）文件：%w", "no WACZ file, which is a ZIP: %w", err)
	}
	few.left = -1
	if len(z.File) > maxParts {
		return nil, message.Errorf("文件数超过 %d", "more than %d files", maxParts)
	}
	total := uint64(0)
	for _, f := range z.File {
		if total += min(f.UncompressedSize64, maxUnpacked+1); total > maxUnpacked {
			return nil, message.Errorf("解压后大于 %d 字节", "it unpacks to more than %d bytes", maxUnpacked)
		}
	}
	return z, nil
}

// firstReads reads so many bytes of a file; any number of them once left is negative.
type firstReads struct {
	file io.ReaderAt
	left int64
}

func (r *firstReads) ReadAt(p []byte, off int64) (int, error) {
	if r.left < 0 {
		return r.file.ReadAt(p, off)
	}
	if r.left -= int64(len(p)); r.left < 0 {
		r.left = 0
		return 0, message.Errorf("文件数超过 %d", "more than %d files", maxParts)
	}
	return r.file.ReadAt(p, off)
}

// part reads a part that fits memory.
func part(parts map[string]*zip.File, name string, limit int64) ([]byte, error) {
	f := parts[name]
	if f == nil {
		return nil, message.Errorf("缺少 %s", "%s is missing", name)
	}
	in, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = message.Errorf("大于 %d 字节", "larger than %d bytes", limit)
	}
	if err != nil {
		return nil, message.Errorf("读取 %s：%w", "reading %s: %w", name, err)
	}
	return data, nil
}
