package settings

import (
	"github.com/spf13/pflag"
)

// BindVisit binds the flags of every command that looks at sites. The present
// values are the flags' defaults.
func (s *Settings) BindVisit(fs *pflag.FlagSet) {
	fs.StringArrayVar(&s.Resolvers, "resolver", s.Resolvers, "DNS server as HOST:PORT (repeatable; default: the system's)")
	fs.StringVar(&s.DNSClient, "dns-client", s.DNSClient, "fast (many questions over one socket) or plain (a socket a question, by the library's own client)")
	fs.MarkHidden("dns-client") //nolint:errcheck // the flag is there
	fs.StringArrayVar(&s.AllowNet, "allow-net", s.AllowNet, "network that may be dialled although it is private, as CIDR (repeatable; for tests)")
	fs.StringArrayVar(&s.MapPort, "map-port", s.MapPort, "dial another port than the real one, as REAL:DIALLED (repeatable; for tests)")
	fs.UintSliceVar(&s.Ports, "port", s.Ports, "further port that may be dialled beside 80 and 443 (repeatable)")
	fs.StringArrayVar(&s.MainlandNet, "mainland-net", s.MainlandNet, "network that counts as mainland China, as CIDR (repeatable)")
	fs.StringVar(&s.MainlandFile, "mainland-file", s.MainlandFile, "file of networks, a line each: PREFIX [COUNTRY]")
	fs.StringVar(&s.Vantage.Name, "vantage", s.Vantage.Name, "name of the network that we look from, kept with the evidence")
	fs.BoolVar(&s.Vantage.Mainland, "vantage-mainland", s.Vantage.Mainland, "we look from mainland China: timeouts and resets count in full")
	fs.IntVar(&s.Concurrency, "concurrency", s.Concurrency, "names under way at once")
	fs.IntVar(&s.PerIP, "per-ip", s.PerIP, "requests in flight to one address (0: no limit; default: check 6, as a browser, scan and serve 2)")
	fs.Lookup("per-ip").DefValue = "0" // no default in the help: it is told already
	fs.Float64Var(&s.PerIPRate, "per-ip-rate", s.PerIPRate, "requests a second to one address (0: no limit)")
	fs.IntVar(&s.ResolveRate, "resolve-rate", s.ResolveRate, "names of a run to begin asking resolvers about, a second (0: as fast as they answer)")
	fs.DurationVar(&s.Timeout, "timeout", s.Timeout, "time for one request, from dial to last byte (default: check 5s, scan and serve 15s)")
	fs.Var(&s.Confirm, "confirm", "when a failure is looked at again before it counts: quick, nightly, gov (140 visits in a week, 5 % failures are down), or delays such as 30s,2m,10m (default: check 1s,3s; scan and serve nightly)")
	fs.StringArrayVar(&s.Controls, "control", s.Controls, "site that is known to be up: if it fails too, the trouble is ours (repeatable)")
	fs.StringVar(&s.Contact, "contact", s.Contact, "address in the agent string, so that a site owner can reach you")
	fs.DurationVar(&s.MaxFilingAge, "max-filing-age", s.MaxFilingAge, "an \"unfiled\" that was asked longer ago is unknown")
	fs.StringVar(&s.Waivers, "waivers", s.Waivers, "file of waivers (YAML or CSV: domain, rule, until, reason, who): findings that are accepted until a day")
	s.BindRegistry(fs)
	fs.StringVar(&s.At, "at", s.At, "judge as of this date or time (RFC 3339) instead of now")
}

// BindRead binds the flags that say how much of a site is read.
func (s *Settings) BindRead(fs *pflag.FlagSet) {
	fs.IntVar(&s.Pages, "pages", s.Pages, "pages of a site to read, the home page among them (default: check 5, scan and serve 1)")
	fs.StringVar(&s.Render, "render", s.Render, "draw pages in a browser: auto (those whose scripts decide), always or never")
	fs.StringVar(&s.Browser, "browser", s.Browser, "path of the Chromium or Chrome to use (default: the first on PATH)")
	fs.IntVar(&s.Tabs, "tabs", s.Tabs, "pages drawn at once")
	fs.StringVar(&s.Evidence, "evidence", s.Evidence, "whose bytes are kept as WARC: none, findings (and changes) or all")
}

// BindDocuments binds the flag that says where documents lie.
func (s *Settings) BindDocuments(fs *pflag.FlagSet) {
	fs.StringVar(&s.Documents, "documents", s.Documents, "folder of the files that the inventory's column documents names (default: none are read)")
}

// BindFormat binds --format; usual is the format without the flag.
func (s *Settings) BindFormat(fs *pflag.FlagSet, usual string) {
	fs.StringVar(&s.Format, "format", usual, "form of the output")
}

// FailNever is the --fail-on by which no finding counts.
const FailNever = "never"

// BindFailOn binds the flag that says what ends in another exit code than 0.
func (s *Settings) BindFailOn(fs *pflag.FlagSet) {
	fs.StringVar(&s.FailOn, "fail-on", s.FailOn, "least severity that ends in exit code 3: violation, warning or notice; never: exit code 0 whatever was found or is inconclusive")
}

// BindServe binds the flags of serve alone.
func (s *Settings) BindServe(fs *pflag.FlagSet) {
	fs.StringSliceVar(&s.Roles, "role", s.Roles, "what this process does: web, scheduler, worker, renderer (repeatable or with commas; default: all; fewer need --db postgres://…)")
	fs.BoolVar(&s.RenderWorkers, "render-workers", s.RenderWorkers, "leave pages that need a browser to processes with --role renderer, of which at least one must run")
	fs.StringVar(&s.Listen, "listen", s.Listen, "address of the API, on this machine only")
}

// BindShared binds the flags that every command has.
func (s *Settings) BindShared(fs *pflag.FlagSet) {
	fs.StringVar(&s.DB, "db", s.DB, "where runs are kept: the path of a SQLite file, or postgres://USER@HOST/DATABASE (password by PGPASSWORD or ~/.pgpass)")
	fs.StringVar(&s.Dir, "dir", s.Dir, "folder for evidence and other files of this machine (default: that of the SQLite file; with PostgreSQL beianwatch-data)")
	fs.StringVar(&s.Out, "out", s.Out, "folder for report files")
	fs.StringVar(&s.Lang, "lang", s.Lang, "language of texts: zh or en")
	fs.BoolVarP(&s.Quiet, "quiet", "q", s.Quiet, "say only what was asked for")
	fs.BoolVar(&s.Verbose, "verbose", s.Verbose, "log what developers ask for, such as pages that our two readers read differently")
}
