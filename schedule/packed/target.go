// Package packed is how the names of a run stand in the database while it is under
// way: what the inventory says of one, its earlier visits, and the names that wait
// for their visit with the answers of DNS.
package packed

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"time"

	"github.com/beianwatch/beianwatch/crawler"
	"github.com/beianwatch/beianwatch/detect"
)

// What the plan says of a name, and the visits of it so far, are packed as JSON
// with short keys, empty fields left out: most are empty for most names.
// Fields are listed one by one so that a field added to a type of the
// crawler is missed by TestNothingIsLostInPacking, not by a night's run.

type packedTarget struct {
	Given           string               `json:"g,omitempty"`
	Status          crawler.FilingStatus `json:"s,omitempty"`
	Number          string               `json:"n,omitempty"`
	AlsoNumbers     []string             `json:"an,omitempty"`
	Subject         string               `json:"su,omitempty"`
	Nature          string               `json:"na,omitempty"`
	SiteName        string               `json:"sn,omitempty"`
	Province        string               `json:"p,omitempty"`
	CertAddress     string               `json:"ca,omitempty"`
	CreditCode      string               `json:"cc,omitempty"`
	AccessProvider  string               `json:"ap,omitempty"`
	Approvals       []crawler.Approval   `json:"av,omitempty"`
	ApprovalsKnown  bool                 `json:"ak,omitempty"`
	PoliceNumber    string               `json:"pn,omitempty"`
	PoliceDue       bool                 `json:"pd,omitempty"`
	ApprovedAt      time.Time            `json:"at,omitzero"`
	CheckedAt       time.Time            `json:"ct,omitzero"`
	Source          string               `json:"so,omitempty"`
	Reason          string               `json:"r,omitempty"`
	DomainHolder    string               `json:"dh,omitempty"`
	Registrar       string               `json:"re,omitempty"`
	DomainExpires   time.Time            `json:"de,omitzero"`
	Phone           string               `json:"ph,omitempty"`
	Mobile          string               `json:"mo,omitempty"`
	PhoneVerifiedAt time.Time            `json:"pv,omitzero"`
	Documents       []crawler.Document   `json:"do,omitempty"`
	Sharing         *crawler.Sharing     `json:"sh,omitempty"`
	Expect          crawler.Expect       `json:"e,omitempty"`
	AliasOf         string               `json:"ao,omitempty"`
	Address         netip.Addr           `json:"a,omitzero"`
	ServerIPs       []netip.Addr         `json:"si,omitempty"`
	Sheet           string               `json:"st,omitempty"`
	Seq             int                  `json:"sq,omitempty"`
	Owner           string               `json:"o,omitempty"`
	Team            string               `json:"t,omitempty"`
	Contact         string               `json:"c,omitempty"`
	Notes           string               `json:"no,omitempty"`
}

// Target packs all but line and domain, which have columns.
func Target(t *crawler.Target) ([]byte, error) {
	f, h := &t.Filing, &t.Holder
	p := packedTarget{
		Status: f.Status, Number: f.Number, AlsoNumbers: f.AlsoNumbers, Subject: f.Subject, Nature: f.Nature, SiteName: f.SiteName,
		Province: f.Province, CertAddress: f.CertAddress, CreditCode: f.CreditCode, AccessProvider: f.AccessProvider,
		Approvals: f.Approvals, ApprovalsKnown: f.ApprovalsKnown, PoliceNumber: f.PoliceNumber, PoliceDue: f.PoliceDue,
		ApprovedAt: f.ApprovedAt, CheckedAt: f.CheckedAt, Source: f.Source, Reason: f.Reason,
		DomainHolder: h.DomainHolder, Registrar: h.Registrar, DomainExpires: h.DomainExpires, Phone: h.Phone, Mobile: h.Mobile,
		PhoneVerifiedAt: h.PhoneVerifiedAt, Documents: h.Documents, Sharing: h.Sharing,
		Expect: t.Expect, AliasOf: t.AliasOf, Address: t.Address, ServerIPs: t.ServerIPs, Sheet: t.Sheet, Seq: t.Seq, Owner: t.Owner, Team: t.Team, Contact: t.Contact, Notes: t.Notes,
	}
	if t.Given != t.Domain {
		p.Given = t.Given
	}
	return json.Marshal(&p)
}

// ReadTarget is the way back from [Target].
func ReadTarget(domain string, line int, data []byte) (*crawler.Target, error) {
	var p packedTarget
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, err
	}
	t := &crawler.Target{
		Line: line, Domain: domain, Given: p.Given,
		Filing: crawler.Filing{
			Status: p.Status, Number: p.Number, AlsoNumbers: p.AlsoNumbers, Subject: p.Subject, Nature: p.Nature, SiteName: p.SiteName,
			Province: p.Province, CertAddress: p.CertAddress, CreditCode: p.CreditCode, AccessProvider: p.AccessProvider,
			Approvals: p.Approvals, ApprovalsKnown: p.ApprovalsKnown, PoliceNumber: p.PoliceNumber, PoliceDue: p.PoliceDue,
			ApprovedAt: p.ApprovedAt, CheckedAt: p.CheckedAt, Source: p.Source, Reason: p.Reason,
		},
		Holder: crawler.Holder{DomainHolder: p.DomainHolder, Registrar: p.Registrar, DomainExpires: p.DomainExpires, Phone: p.Phone, Mobile: p.Mobile,
			PhoneVerifiedAt: p.PhoneVerifiedAt, Documents: p.Documents, Sharing: p.Sharing},
		Expect: p.Expect, AliasOf: p.AliasOf, Address: p.Address, ServerIPs: p.ServerIPs, Sheet: p.Sheet, Seq: p.Seq, Owner: p.Owner, Team: p.Team, Contact: p.Contact, Notes: p.Notes,
	}
	if t.Given == "" {
		t.Given = domain
	}
	return t, nil
}

// Pinned reports whether packed data may name an address. A quote within a text is
// escaped, so this is a key; one of an inner object costs an unpacking.
func Pinned(data []byte) bool { return bytes.Contains(data, []byte(`"a":"`)) }

// Attempts packs the earlier visits of a name.
func Attempts(attempts []detect.Attempt) ([]byte, error) {
	if attempts == nil {
		attempts = []detect.Attempt{} // an empty text would say that none is to be confirmed
	}
	return json.Marshal(attempts)
}

// ReadAttempts is the way back from [Attempts]; nil if nothing was packed.
func ReadAttempts(data []byte) (attempts []detect.Attempt, err error) {
	if len(data) == 0 {
		return nil, nil
	}
	err = json.Unmarshal(data, &attempts)
	return attempts, err
}
