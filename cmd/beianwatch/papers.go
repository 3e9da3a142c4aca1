package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/phone"
)

// paperSettings are the data behind the rules about names, provinces and
// telephones; keys of the config file.
type paperSettings struct {
	SiteNames string `yaml:"site-names-file"`     // words that the name of a site may not hold
	Provinces string `yaml:"provinces-file"`      // what provinces ask of persons and telephones
	PhoneData string `yaml:"phone-data"`          // phone.dat: provinces of mobile numbers
	PhoneDays int    `yaml:"phone-verified-days"` // 0: the policy's own
}

// maxPhoneData bounds a phone.dat; one of 500,000 segments has 4.5 MB.
const maxPhoneData = 64 << 20

// fill puts what was set into the policy.
func (s *paperSettings) fill(policy *detect.Policy) error {
	err := fromFile("site-names-file", s.SiteNames, func(r io.Reader) (err error) {
		policy.NameWords, err = lists.ReadNameWords(r)
		return err
	})
	if err != nil {
		return err
	}
	err = fromFile("provinces-file", s.Provinces, func(r io.Reader) (err error) {
		policy.Customs, err = lists.ReadCustoms(r)
		return err
	})
	if err != nil {
		return err
	}
	err = fromFile("phone-data", s.PhoneData, func(r io.Reader) (err error) {
		data, err := readAtMost(r, maxPhoneData+1)
		if err == nil && len(data) > maxPhoneData {
			err = fmt.Errorf("more than %d bytes are surely not meant", maxPhoneData)
		}
		if err == nil {
			policy.Segments, err = phone.ReadSegments(data)
		}
		return err
	})
	if err != nil {
		return err
	}
	if s.PhoneDays < 0 {
		return usage("config, phone-verified-days: %d: give a number of days, or leave it out", s.PhoneDays)
	}
	if s.PhoneDays > 0 {
		policy.PhoneAge = time.Duration(s.PhoneDays) * 24 * time.Hour
	}
	return nil
}

// fromFile reads the file that a key of the config names, if it names one.
func fromFile(key, path string, read func(io.Reader) error) error {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return usage("config, %s: %v; give the path of a file, or leave the key out", key, err)
	}
	defer f.Close()
	if err := read(f); err != nil {
		return usage("config, %s %s: %v", key, path, err)
	}
	return nil
}
