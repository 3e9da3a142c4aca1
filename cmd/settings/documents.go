package settings

import (
	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/document"
	"github.com/beianwatch/beianwatch/crawler/inventory"
)

// DocumentReader opens the folder of --documents, nil without it.
func (s *Settings) DocumentReader() (*document.Reader, error) {
	if s.Documents == "" {
		return nil, nil
	}
	r, err := document.Open(s.Documents)
	if err != nil {
		return nil, Usage("--documents：%v；请给出清单“材料”列所指文件所在的文件夹", "--documents: %v; give the folder that holds the files of the inventory's column documents", err)
	}
	return r, nil
}

// DocumentsOf reads --document values.
func DocumentsOf(given []string) ([]crawler.Document, error) {
	var list []crawler.Document
	for _, g := range given {
		d, ok := inventory.Document(g)
		if !ok {
			return nil, Usage("--document %q：请写 种类:路径 或 种类:路径@日期，例如 营业执照:licence.jpg", "--document %q: give KIND:PATH or KIND:PATH@DATE, for example 营业执照:licence.jpg", g)
		}
		list = append(list, d)
	}
	return list, nil
}
