package register

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// pageSize is the most that the official register gives at once.
const pageSize = 26

// pagesMost bounds the pages that are read of one number: a subject with more
// sites than fit is not told whole.
const pagesMost = 20

// askQuery asks a self-hosted HG-ha/ICP_Query for websites. The search takes a
// domain or a number. Its HTTP status is 200 for errors too: the code decides.
func (c *client) askQuery(ctx context.Context, search string, pages int) (records []record, whole bool, err error) {
	for page := 1; page <= pages; page++ {
		address := fmt.Sprintf("%s/query/web?search=%s&pageNum=%d&pageSize=%d", strings.TrimSuffix(c.cfg.URL, "/"), url.QueryEscape(search), page, pageSize)
		status, answer, err := c.exchange(ctx, http.MethodGet, address, "")
		if err != nil {
			return nil, false, err
		}
		if status != http.StatusOK {
			return nil, false, noAnswer("HTTP %d", status)
		}
		v, err := read(answer)
		if err != nil {
			return nil, false, err
		}
		if ok, _ := holds(v, []string{"code=200"}); !ok {
			code, _ := at(v, "code")
			return nil, false, noAnswer("it answers with code %s: %s", word(code), said(v))
		}
		if no, _ := holds(v, []string{"success=false"}); no {
			return nil, false, noAnswer("it answers with an error: %s", said(v))
		}
		some, total, err := c.queryPage(v)
		if err != nil {
			return nil, false, err
		}
		records = append(records, some...)
		if len(some) == 0 && len(records) < total {
			return nil, false, noAnswer("it speaks of %d records and gives %d", total, len(records))
		}
		if len(records) >= total {
			return records, true, nil
		}
	}
	return records, false, nil
}

// queryPage reads one page of an answer: params.list, and params.total over all
// pages.
func (c *client) queryPage(v any) (records []record, total int, err error) {
	list, _ := at(v, "params.list")
	items, ok := list.([]any)
	if !ok {
		return nil, 0, noAnswer("the answer has no list")
	}
	number, _ := at(v, "params.total")
	n, ok := number.(json.Number)
	if !ok {
		return nil, 0, noAnswer("the answer has no total")
	}
	big, err := n.Int64()
	if err != nil || big < 0 || big > 1_000_000 {
		return nil, 0, noAnswer("the answer has %s records in total", n)
	}
	for _, item := range items {
		r, ok := c.fields.record(item)
		if !ok {
			return nil, 0, noAnswer("the answer holds a record without a filing number")
		}
		records = append(records, r)
	}
	return records, int(big), nil
}
