package settings

import (
	"io"
	"os"
	"time"

	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/detect"
	"github.com/beianwatch/beianwatch/detect/lists"
	"github.com/beianwatch/beianwatch/detect/phone"
	"github.com/beianwatch/beianwatch/detect/workday"
)

// maxList bounds a data file that a user gives, in bytes: a phone.dat of 500,000
// segments has 4.5 MB.
const maxList = 64 << 20

// lists puts the user's own data files in place of the embedded ones.
func (s *Settings) lists(policy *detect.Policy) error {
	for _, list := range []struct {
		key, path string
		read      func(io.Reader) error
		form      string // what the file is to look like
	}{
		{"registrars-file", s.RegistrarsFile, into(&policy.Registrars, lists.ReadRegistrars), "detect/lists/registrars.txt"},
		{"suffixes-file", s.SuffixesFile, into(&policy.Suffixes, lists.ReadSuffixes), "detect/lists/suffixes.txt"},
		{"shells-file", s.ShellsFile, into(&policy.Shells, lists.ReadShells), "list PROVINCE PUBLISHED DUE NAME, above a domain or number a line"},
		{"holders-file", s.HoldersFile, into(&policy.Holders, lists.ReadHolders), "detect/lists/holders.txt"},
		{"harmless-scripts-file", s.HarmlessFile, into(&policy.Scripts, lists.ReadHarmlessScripts), "detect/lists/harmless-scripts.txt"},
		{"providers-file", s.Providers, into(&policy.Providers, lists.ReadProviders), "lines of PREFIX NAME, a line for each network"},
		{"documents-file", s.DocumentFile, into(&policy.Documents, lists.ReadDocuments), "detect/lists/documents.txt"},
		{"holidays-file", s.HolidaysFile, into(&policy.Workdays, workday.Read), "detect/workday/holidays.txt or of holiday-cn's JSON"},
		{"site-names-file", s.SiteNames, into(&policy.NameWords, lists.ReadNameWords), "detect/lists/site_names.txt"},
		{"provinces-file", s.Provinces, into(&policy.Customs, lists.ReadCustoms), "detect/lists/provinces.txt"},
		{"phone-data", s.PhoneData, into(&policy.Segments, readSegments), "phone.dat"},
	} {
		if list.path == "" {
			continue
		}
		f, err := os.Open(list.path)
		if err != nil {
			return Usage("配置 %s：%v；请给出格式为 %s 的文件，或不写这一项", "config, %s: %v; give the path of a file in the form of %s, or leave the key out", list.key, err, list.form)
		}
		bounded := &io.LimitedReader{R: f, N: maxList + 1}
		err = list.read(bounded)
		f.Close()
		if bounded.N == 0 {
			err = message.Errorf("超过 %d 字节，想必有误", "more than %d bytes are surely not meant", maxList)
		}
		if err != nil {
			return Usage("配置 %s %s：%v", "config, %s %s: %v", list.key, list.path, err)
		}
	}
	return nil
}

// into returns a function that reads a list and puts it to where it belongs.
func into[T any](to *T, read func(io.Reader) (T, error)) func(io.Reader) error {
	return func(r io.Reader) (err error) {
		*to, err = read(r)
		return err
	}
}

// readSegments reads a phone.dat.
func readSegments(r io.Reader) (*phone.Segments, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return phone.ReadSegments(data)
}

// phones sets how old the verification of a telephone may be.
func (s *Settings) phones(policy *detect.Policy) error {
	if s.PhoneDays < 0 {
		return Usage("配置 phone-verified-days：%d：请写天数，或不写这一项", "config, phone-verified-days: %d: give a number of days, or leave it out", s.PhoneDays)
	}
	if s.PhoneDays > 0 {
		policy.PhoneAge = time.Duration(s.PhoneDays) * 24 * time.Hour
	}
	return nil
}
