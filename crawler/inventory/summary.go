package inventory

import (
	"context"
	"hash/maphash"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/crawler/message"
)

// A Summary is what a list says before a run: what was understood of it, what
// was not, and what cannot be checked for want of a column.
type Summary struct {
	Path string
	Counts
	Digest     string      // as Digest returns it
	Duplicates int         // entries whose domain stands in an earlier one
	Clashes    []Message   // those that contradict the earlier one, the first 20
	MoreClash  int         // beyond those
	Rejections []Rejection // the first 20
	Missing    []Missing   // columns that no line fills
	Uncompared bool        // too many domains: duplicates beyond the first were not looked for
}

// A Missing is a column that no line fills, and what is not checked for want of
// it.
type Missing struct {
	Column string   // the contract's word
	ZH     string   // the usual Chinese heading
	Rules  []string // ids of rules that judge less or nothing
	Off    Message  // what is switched off
}

// Bounds of a summary. A domain takes some 40 bytes while duplicates are looked
// for.
const (
	maxCompared = 2_000_000
	maxQuoted   = 20
)

// Summarize reads the inventory at path and sums it up. It reads the file once,
// and once more if lines contradict each other, to quote both.
func Summarize(ctx context.Context, path string) (*Summary, error) {
	s := &Summary{Path: path}
	d := duplicates{seen: map[uint64]seenAt{}, seed: maphash.MakeSeed()}
	filled := map[string]bool{}
	var err error
	s.Counts, err = Read(path, func(t crawler.Target) error {
		for _, column := range filledColumns(&t) {
			filled[column] = true
		}
		d.add(&t)
		return ctx.Err()
	}, func(r Rejection) error {
		if len(s.Rejections) < maxQuoted {
			s.Rejections = append(s.Rejections, r)
		}
		return ctx.Err()
	})
	if err != nil {
		return s, err
	}
	s.Duplicates, s.Uncompared = d.n, d.full
	if len(d.clash) > 0 {
		if err := s.quote(ctx, &d); err != nil {
			return s, err
		}
	}
	for _, m := range offs {
		if !filled[m.Column] {
			m.ZH = byName[m.Column].zh()
			s.Missing = append(s.Missing, m)
		}
	}
	s.Digest, err = Digest(path)
	return s, err
}

// duplicates finds entries whose domain came before, by hashes.
type duplicates struct {
	seen  map[uint64]seenAt
	seed  maphash.Seed
	n     int
	clash map[int]int // Seq of an entry that seems to contradict an earlier one: the earlier Seq
	more  int
	full  bool
}

// A seenAt is where a domain was seen, and a hash of what can be contradicted.
type seenAt struct {
	seq  uint32
	said uint32
}

func (d *duplicates) add(t *crawler.Target) {
	key := maphash.String(d.seed, t.Domain)
	said := uint32(maphash.Comparable(d.seed, [5]string{string(t.Filing.Status), t.Filing.Number, t.Filing.Subject, t.Filing.CreditCode, string(t.Expect)}))
	was, ok := d.seen[key]
	switch {
	case !ok && len(d.seen) >= maxCompared:
		d.full = true
	case !ok:
		d.seen[key] = seenAt{uint32(t.Seq), said}
	case was.said == said:
		d.n++
	default:
		d.n++
		if len(d.clash) >= 10*maxQuoted {
			d.more++
			return
		}
		if d.clash == nil {
			d.clash = map[int]int{}
		}
		d.clash[t.Seq] = int(was.seq)
	}
}

// quote reads the file again to say in what lines contradict each other.
func (s *Summary) quote(ctx context.Context, d *duplicates) error {
	earlier := map[int]*crawler.Target{}
	for _, seq := range d.clash {
		earlier[seq] = nil
	}
	_, err := Read(s.Path, func(t crawler.Target) error {
		if _, wanted := earlier[t.Seq]; wanted {
			earlier[t.Seq] = &t
		}
		was := earlier[d.clash[t.Seq]]
		if was == nil || was.Domain != t.Domain || was.Seq == t.Seq {
			return ctx.Err()
		}
		differ := Disagreement(was, &t)
		switch {
		case differ.EN == "":
		case len(s.Clashes) < maxQuoted:
			s.Clashes = append(s.Clashes, Message{ZH: t.Given + "：" + differ.ZH, EN: t.Given + ": " + differ.EN})
		default:
			s.MoreClash++
		}
		return ctx.Err()
	}, func(Rejection) error { return ctx.Err() })
	s.MoreClash += d.more
	return err
}

// offs say what is not checked for want of a column, the weightiest first. The
// ids are those of the rules that read the column.
var offs = []Missing{
	{Column: "filing_status", Rules: []string{"unfiled-site-serving", "filed-site-down", "filed-site-placeholder"}, Off: message.Format("不能判断“未备案却已开放”；没有备案号的网站按状态未知处理", "sites that serve without a filing are not found; a site without a number counts as unknown")},
	{Column: "filing_number", Rules: []string{"footer-number-wrong", "footer-number-suffix"}, Off: message.Format("不能核对页面上的备案号是不是本站的", "whether the number shown is the site's own is not checked")},
	{Column: "subject_name", Rules: []string{"domain-holder-mismatch", "content-of-another-subject", "phone-shared"}, Off: message.Format("不能核对域名所有人、页面主体和共用手机", "holder, content and shared mobiles are not compared with the filing entity")},
	{Column: "subject_nature", Rules: []string{"personal-filing-business-content", "documents-incomplete"}, Off: message.Format("不能检查个人备案的经营内容和材料是否齐全", "business content under a personal filing and missing documents are not found")},
	{Column: "site_name", Rules: []string{"site-name-mismatch", "site-name-invalid"}, Off: message.Format("不能检查网站名称", "the name of the site is not checked")},
	{Column: "cert_address", Rules: []string{"cross-province", "phone-not-local"}, Off: message.Format("不能按证件地址检查跨省备案", "filings across provinces are not found by the certificate's address")},
	{Column: "credit_code", Rules: []string{"credit-code-invalid"}, Off: message.Format("不能检查统一社会信用代码", "the credit code is not checked")},
	{Column: "access_provider", Rules: []string{"filed-site-elsewhere"}, Off: message.Format("不能核对网站是否在备案的接入商", "whether the site runs at its access provider is not checked")},
	{Column: "server_ip", Rules: []string{"server-address-differs"}, Off: message.Format("不核对域名是否解析到服务器 IP", "whether the name points to the server's address is not checked")},
	{Column: "approvals", Rules: []string{"preapproval-*"}, Off: message.Format("前置审批只作待核实处理", "industries that need approval are warnings at most")},
	{Column: "approved_at", Rules: []string{"filed-site-down", "filed-site-placeholder"}, Off: message.Format("不能扣除备案通过后的准备期", "the days of grace after an approval are not counted")},
	{Column: "police_number", Rules: []string{"police-number-missing"}, Off: message.Format("公安备案只作提示", "public-security filings are notices")},
	{Column: "domain_holder", Rules: []string{"domain-holder-mismatch"}, Off: message.Format("不核对域名所有人（可用 --whois）", "the domain's holder is not compared (--whois can ask)")},
	{Column: "registrar", Rules: []string{"registrar-not-approved"}, Off: message.Format("不核对域名注册商（可用 --whois）", "the registrar is not checked (--whois can ask)")},
	{Column: "domain_expires", Rules: []string{"domain-expiring"}, Off: message.Format("不检查域名到期（可用 --whois）", "the domain's term is not checked (--whois can ask)")},
	{Column: "phone", Rules: []string{"phone-not-local"}, Off: message.Format("不检查办公电话", "the office telephone is not checked")},
	{Column: "mobile", Rules: []string{"phone-shared", "phone-not-local"}, Off: message.Format("不检查手机", "the mobile is not checked")},
	{Column: "phone_verified_at", Rules: []string{"phone-unverified"}, Off: message.Format("不检查电话核验时间", "how old the last verification is, is not checked")},
	{Column: "documents", Rules: []string{"documents-incomplete", "documents-unclear"}, Off: message.Format("不检查备案材料", "documents are not checked")},
	{Column: "owner", Off: message.Format("报告不能按负责人分发", "reports are not parted by owner")},
}

// filledColumns lists the columns of offs that a target fills.
func filledColumns(t *crawler.Target) []string {
	f, h := &t.Filing, &t.Holder
	out := make([]string, 0, len(offs))
	for _, c := range [...]struct {
		name   string
		filled bool
	}{
		{"filing_status", f.Status != crawler.FilingUnknown}, {"filing_number", f.Number != ""}, {"subject_name", f.Subject != ""}, {"subject_nature", f.Nature != ""},
		{"site_name", f.SiteName != ""}, {"cert_address", f.CertAddress != ""}, {"credit_code", f.CreditCode != ""}, {"access_provider", f.AccessProvider != ""},
		{"server_ip", len(t.ServerIPs) > 0}, {"approvals", f.ApprovalsKnown || len(f.Approvals) > 0}, {"approved_at", !f.ApprovedAt.IsZero()}, {"police_number", f.PoliceNumber != "" || f.PoliceDue},
		{"domain_holder", h.DomainHolder != ""}, {"registrar", h.Registrar != ""}, {"domain_expires", !h.DomainExpires.IsZero()}, {"phone", h.Phone != ""},
		{"mobile", h.Mobile != ""}, {"phone_verified_at", !h.PhoneVerifiedAt.IsZero()}, {"documents", len(h.Documents) > 0}, {"owner", t.Owner != ""},
	} {
		if c.filled {
			out = append(out, c.name)
		}
	}
	return out
}
