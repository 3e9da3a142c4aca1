package register

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// askService asks a service of kind http. whole says that the records are all
// there are, which only an answer with a total tells.
func (c *client) askService(ctx context.Context, template, value string) (records []record, whole bool, err error) {
	escape := url.QueryEscape
	body := ""
	if c.cfg.Method != http.MethodGet {
		body = fill(c.cfg.Body, value, bodyEscape(c.cfg.Body))
	}
	status, answer, err := c.exchange(ctx, c.cfg.Method, fill(template, value, escape), body)
	switch {
	case err != nil:
		return nil, false, err
	case slices.Contains(c.cfg.Answer.EmptyStatus, status):
		return nil, true, nil
	case status != http.StatusOK:
		return nil, false, noAnswer("HTTP %d", status)
	}
	v, err := read(answer)
	if err != nil {
		return nil, false, err
	}
	if none, _ := holds(v, c.cfg.Answer.Empty); none {
		return nil, true, nil
	}
	tests := c.cfg.Answer.OK
	if len(tests) == 0 {
		tests = []string{"code=200"}
	}
	if ok, there := holds(v, tests); !ok && (there || len(c.cfg.Answer.OK) > 0) {
		return nil, false, noAnswer("it answers with an error: %s", said(v))
	}
	if no, _ := holds(v, []string{"success=false"}); no {
		return nil, false, noAnswer("it answers with an error: %s", said(v))
	}
	if records, err = c.records(v); err != nil {
		return nil, false, err
	}
	for _, place := range append(slices.Clone(c.cfg.Answer.Total), totalPlaces...) {
		if total, ok := at(v, place); ok {
			return records, word(total) == strconv.Itoa(len(records)), nil
		}
	}
	return records, false, nil
}

// totalPlaces are where services put the number of records over all pages.
var totalPlaces = []string{"params.total", "data.total", "total"}

// bodyEscape is how a value is written into a body: as JSON or as a form.
func bodyEscape(body string) func(string) string {
	if strings.HasPrefix(strings.TrimSpace(body), "{") {
		return func(s string) string { return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) }
	}
	return url.QueryEscape
}

// said is the message in an answer.
func said(v any) string {
	for _, field := range []string{"message", "msg", "error"} {
		if got, ok := at(v, field); ok && word(got) != "" {
			return word(got)
		}
	}
	return "without a message"
}

// records reads the records of an answer. An empty list says that there are
// none; nothing at all, or null, says nothing.
func (c *client) records(v any) ([]record, error) {
	places := recordPlaces
	if c.cfg.Answer.Records != "" {
		places = []string{c.cfg.Answer.Records}
	}
	list, found := v, false
	for _, place := range places {
		if got, ok := at(v, place); ok {
			list, found = got, true
			break
		}
	}
	if !found && c.cfg.Answer.Records != "" {
		return nil, noAnswer("the answer has no field %s", c.cfg.Answer.Records)
	}
	items, isList := list.([]any)
	if !isList {
		items = []any{list}
	}
	var records []record
	for _, item := range items {
		r, ok := c.fields.record(item)
		if !ok {
			return nil, noAnswer("the answer holds a record without a filing number")
		}
		records = append(records, r)
	}
	return records, nil
}
