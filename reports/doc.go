// Package reports has what is told of a run: the record of a domain, the run, the
// summary of many records and the difference between two runs. It holds types and
// pure functions, and no text.
//
// Its rooms: store keeps runs in SQL; wording has the texts in both languages;
// html, text, export and notice write reports; web serves the API. None decides
// when to visit a site.
package reports
