package wacz

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/url"
	"strings"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/warc"
)

// evidenceFiles are what people look at first, beside the WARC that has it all: the
// answers of DNS, the certificates, the picture, and every question and request.
func evidenceFiles(obs *crawler.Observation) ([]File, error) {
	all, err := warc.Describe(obs)
	if err != nil {
		return nil, err
	}
	files := []File{{"README.txt", []byte(readme)}, {"observation.json", all}, {"dns.txt", dnsText(obs)}}
	files = append(files, chains(obs)...)
	if len(obs.Screenshot) > 0 {
		files = append(files, File{"footer.jpg", obs.Screenshot})
	}
	return files, nil
}

// dnsText lists the questions with their answers, as dig would show them.
func dnsText(obs *crawler.Observation) []byte {
	var b bytes.Buffer
	for i := range obs.Lookups {
		l := &obs.Lookups[i]
		fmt.Fprintf(&b, ";; %s %s @%s %s %s\n", l.Name, l.Type, l.Server, l.At.UTC().Format("2006-01-02T15:04:05.000Z"), l.RCode)
		if l.Failure != nil {
			fmt.Fprintf(&b, ";; failed: %s\n", oneLine(l.Failure.String()))
		}
		for _, answer := range l.Answers {
			b.WriteString(oneLine(answer) + "\n")
		}
		if len(l.Answers) == 0 {
			for _, a := range l.Addrs {
				fmt.Fprintf(&b, "%s\t%s\n", l.Name, a)
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// oneLine keeps what a stranger wrote on its line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// maxChains bounds the files of certificates: a visit has a few hosts.
const maxChains = 20

// chains are the certificates of each host that spoke TLS, in PEM, as it sent them.
func chains(obs *crawler.Observation) []File {
	var files []File
	known := map[string]bool{}
	for i := range obs.Visits {
		for j := range obs.Visits[i].Hops {
			hop := &obs.Visits[i].Hops[j]
			if hop.TLS == nil || len(hop.TLS.Chain) == 0 || len(files) == maxChains {
				continue
			}
			body := chainPEM(hop)
			if known[string(body)] {
				continue
			}
			known[string(body)] = true
			files = append(files, File{fmt.Sprintf("tls/%d.pem", len(files)+1), body})
		}
	}
	return files
}

// chainPEM is a chain with the host, the address and the fingerprints above each
// certificate; openssl passes over what stands between them.
func chainPEM(hop *crawler.Page) []byte {
	var b bytes.Buffer
	host := hop.URL
	if u, err := url.Parse(hop.URL); err == nil {
		host = u.Host
	}
	fmt.Fprintf(&b, "# %s %s %s\n", oneLine(host), hop.Addr, hop.TLS.Version)
	for _, der := range hop.TLS.Chain {
		sum := sha256.Sum256(der)
		fmt.Fprintf(&b, "# sha256 %s\n", hex.EncodeToString(sum[:]))
		_ = pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: der}) // a buffer does not fail
	}
	return b.Bytes()
}
