package main

import (
	"os"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/document"
	"github.com/beianwatch/beianwatch/crawler/inventory"
	"github.com/beianwatch/beianwatch/detect/lists"
)

// papers opens the folder of --documents, nil without it.
func (s *settings) papers() (*document.Reader, error) {
	if s.Documents == "" {
		return nil, nil
	}
	r, err := document.Open(s.Documents)
	if err != nil {
		return nil, usage("--documents: %v; give the folder that holds the files of the inventory's column documents", err)
	}
	return r, nil
}

// documentRules reads documents-file, or returns the embedded rules without it.
func (s *settings) documentRules() (*lists.Documents, error) {
	if s.DocumentFile == "" {
		return lists.DefaultDocuments(), nil
	}
	f, err := os.Open(s.DocumentFile)
	if err != nil {
		return nil, usage("config, documents-file: %v; give the path of a file in the form of detect/lists/documents.txt", err)
	}
	defer f.Close()
	d, err := lists.ReadDocuments(f)
	if err != nil {
		return nil, usage("config, documents-file %s: %v", s.DocumentFile, err)
	}
	return d, nil
}

// documentsOf reads --document values.
func documentsOf(given []string) ([]crawler.Document, error) {
	var list []crawler.Document
	for _, g := range given {
		d, ok := inventory.Document(g)
		if !ok {
			return nil, usage("--document %q: give KIND:PATH or KIND:PATH@DATE, for example 营业执照:licence.jpg", g)
		}
		list = append(list, d)
	}
	return list, nil
}
