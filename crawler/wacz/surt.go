package wacz

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var wwwForm = regexp.MustCompile(`^(https?://)www\d*\.`)

// surt is the key by which an index is searched (CDXJ 0.1.0, "Searchable URL"), as
// the usual readers make it: lower case, the host's labels in reverse, without www.,
// the parts of the query in order. Other addresses than of the web are left as they are.
func surt(address string) string {
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return address
	}
	u, err := url.Parse(strings.ToLower(wwwForm.ReplaceAllString(address, "$1")))
	if err != nil || u.Host == "" {
		return address
	}
	host, port := u.Hostname(), u.Port()
	if !strings.Contains(host, ":") { // an IPv6 address has no labels
		labels := strings.Split(host, ".")
		slices.Reverse(labels)
		host = strings.Join(labels, ",")
	} else {
		host = "[" + host + "]"
	}
	if port != "" && !(u.Scheme == "http" && port == "80") && !(u.Scheme == "https" && port == "443") {
		host += ":" + port
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	key := host + ")" + path
	if u.RawQuery != "" {
		parts := strings.Split(u.RawQuery, "&")
		slices.Sort(parts)
		key += "?" + strings.Join(parts, "&")
	}
	return key
}
