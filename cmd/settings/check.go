package settings

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/detect"
)

// Bounds on what may be asked for: a site is sampled, not copied, and a tab
// takes some 100 MB.
const (
	maxPages = 50
	maxTabs  = 64
)

// keyValueDSN finds libpq's other form of an address.
var keyValueDSN = regexp.MustCompile(`(?i)\b(?:host|user|password|dbname|port|sslmode)\s*=`)

// Check finds what is wrong with the settings before anything is done.
func (s *Settings) Check() error {
	if s.Lang != "zh" && s.Lang != "en" {
		return Usage("--lang %q：须为 zh 或 en", "--lang %q: must be zh or en", s.Lang)
	}
	if _, err := s.Zone(); err != nil {
		return err
	}
	if s.Progress != ProgressAuto && s.Progress != ProgressJSON && s.Progress != ProgressNone {
		return Usage("--progress %q：须为 auto、json 或 none", "--progress %q: must be auto, json or none", s.Progress)
	}
	if !strings.Contains(s.DB, "://") && keyValueDSN.MatchString(s.DB) { // it may hold a password: it is not told
		return Usage("--db：不接受 host=… user=… 的写法，请写成 postgres://用户@主机/数据库（密码用 PGPASSWORD 或 ~/.pgpass）",
			"--db: the form host=… user=… is not taken; write postgres://USER@HOST/DATABASE (password by PGPASSWORD or ~/.pgpass)")
	}
	if s.Concurrency < 1 || s.Concurrency > 100_000 {
		return Usage("--concurrency %d：须为 1 至 100000", "--concurrency %d: give a number from 1 to 100000", s.Concurrency)
	}
	if s.ResolveRate < 0 {
		return Usage("--resolve-rate %d：须为 0（不限）或更大", "--resolve-rate %d: give 0 (no limit) or more", s.ResolveRate)
	}
	if s.PerIP < asUsual || s.PerIPRate < 0 {
		return Usage("--per-ip 和 --per-ip-rate：须为 0（不限）或更大", "--per-ip and --per-ip-rate: give 0 (no limit) or more")
	}
	if s.Timeout != 0 && s.Timeout < 100*time.Millisecond {
		return Usage("--timeout %v：须至少 100ms", "--timeout %v: give at least 100ms", s.Timeout)
	}
	if err := s.checkConfirm(); err != nil {
		return err
	}
	if s.Pages < 0 || s.Pages > maxPages {
		return Usage("--pages %d：须为 1 至 %d", "--pages %d: give a number from 1 to %d", s.Pages, maxPages)
	}
	if s.Pictures < 0 {
		return Usage("--pictures %d：须为 0 或正整数", "--pictures %d: give a number of lines, or 0", s.Pictures)
	}
	if s.Tabs < 1 || s.Tabs > maxTabs {
		return Usage("--tabs %d：须为 1 至 %d", "--tabs %d: give a number from 1 to %d", s.Tabs, maxTabs)
	}
	switch detect.Render(s.Render) {
	case detect.RenderAuto, detect.RenderAlways, detect.RenderNever:
	default:
		return Usage("--render %q：须为 auto、always 或 never", "--render %q: must be auto, always or never", s.Render)
	}
	if err := s.checkOIDC(); err != nil {
		return err
	}
	if err := s.checkNotify(); err != nil {
		return err
	}
	if err := s.checkKeep(); err != nil {
		return err
	}
	if err := s.checkStamp(); err != nil {
		return err
	}
	switch s.Evidence {
	case "none", "findings", "all":
	default:
		return Usage("--evidence %q：须为 none、findings 或 all", "--evidence %q: must be none, findings or all", s.Evidence)
	}
	if s.DNSClient != "fast" && s.DNSClient != "plain" {
		return Usage("--dns-client %q：须为 fast 或 plain", "--dns-client %q: must be fast or plain", s.DNSClient)
	}
	switch detect.Severity(s.FailOn) {
	case detect.Violation, detect.Warning, detect.Notice, FailNever:
	default:
		return Usage("--fail-on %q：须为 violation、warning、notice 或 never", "--fail-on %q: must be violation, warning, notice or never", s.FailOn)
	}
	if s.WHOISInterval < 0 || s.WHOISFresh < 0 {
		return Usage("whois-interval 和 whois-fresh：须为 0（默认）或更大", "whois-interval and whois-fresh: give 0 (the default) or more")
	}
	for _, custom := range s.Suffix {
		if custom != "base" && custom != "site" && custom != "any" {
			return Usage("suffix %q：须为 base（不带 -N 的备案号）、site（带 -N）或 any", "suffix %q: must be base (number without -N), site (with -N) or any", custom)
		}
	}
	return nil
}

// Zone is the zone of the times that people read.
func (s *Settings) Zone() (*time.Location, error) {
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil || s.Timezone == "" {
		return nil, Usage("--timezone %q：请写时区名称，例如 Asia/Shanghai 或 UTC", "--timezone %q: give the name of a time zone, for example Asia/Shanghai or UTC", s.Timezone)
	}
	return zone, nil
}

// prefixes parses networks given under flag.
func prefixes(flag string, given []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, g := range given {
		p, err := netip.ParsePrefix(g)
		if err != nil {
			a, aerr := netip.ParseAddr(g)
			if aerr != nil {
				return nil, Usage("--%s %q：请给出网段，例如 192.0.2.0/24", "--%s %q: give a network such as 192.0.2.0/24", flag, g)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// portMap parses --map-port values, REAL:DIALLED.
func portMap(given []string) (map[uint16]uint16, error) {
	out := map[uint16]uint16{}
	for _, g := range given {
		real, dialled, ok := strings.Cut(g, ":")
		from, err1 := strconv.ParseUint(real, 10, 16)
		to, err2 := strconv.ParseUint(dialled, 10, 16)
		if !ok || err1 != nil || err2 != nil || from == 0 || to == 0 {
			return nil, Usage("--map-port %q：请写 实际端口:拨打端口，例如 80:8080", "--map-port %q: give REAL:DIALLED, for example 80:8080", g)
		}
		out[uint16(from)] = uint16(to)
	}
	return out, nil
}
