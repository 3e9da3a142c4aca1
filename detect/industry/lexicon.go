package industry

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/beianwatch/beianwatch/detect/fold"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// A lexicon is one data file: the words of a trade, or of a kind of site that
// is in none. The file is a list of groups:
//
//	# a comment
//	mark 2.5                    the points that make a score of one half
//	less vendor 0.8             the share that a site of this kind takes off the points, at most
//	less media 0.8 body         the same, but not off what the page says of itself
//	[offers strong cap=4 weight=1]
//	[channels channel leans]    gives no more points than the other groups do
//	words of the group, parted by white space; ~ stands for a space within a word
type lexicon struct {
	name   string
	mark   float64
	less   map[string]loss // by kind of site
	groups []group
}

// A loss is what a kind of site takes off the points of a trade.
type loss struct {
	share float64 // 0 to 1
	body  bool    // not off what the page says of itself in its title and description
}

// A group is a list of words that count alike.
type group struct {
	name   string
	sort   sort
	cap    float64 // the most points that the group gives
	weight float64 // multiplies the value of a word
	leans  bool    // gives no more than the groups that do not lean
	words  []string
}

// sort says how the words of a group count. The values stand in [worth].
type sort uint8

const (
	strong  sort = iota // a sign of the trade wherever it stands
	weak                // a word of the trade that others use as well
	title               // counts where a site names itself: title, description, heading
	channel             // counts as the whole name of a link, nowhere else
	button              // what a visitor can do: counts in short texts, not in sentences
	against             // a sign that the site is something else
	cancel              // a phrase in which the words of the lexicons mean something else
)

var sorts = map[string]sort{"strong": strong, "weak": weak, "title": title, "channel": channel, "button": button, "against": against, "cancel": cancel}

// parseLexicon reads one file; an error names the line.
func parseLexicon(name, text string) (*lexicon, error) {
	l := &lexicon{name: name, mark: 2.5, less: map[string]loss{}}
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if err := l.line(line); err != nil {
			return nil, fmt.Errorf("reading lexicon %s, line %d: %w", name, i+1, err)
		}
	}
	for _, g := range l.groups {
		if len(g.words) == 0 {
			return nil, fmt.Errorf("reading lexicon %s: group %s has no words", name, g.name)
		}
	}
	return l, nil
}

func (l *lexicon) line(line string) error {
	fields := strings.Fields(line)
	switch {
	case strings.HasPrefix(line, "["):
		return l.group(strings.Fields(strings.Trim(line, "[]")))
	case fields[0] == "mark" && len(fields) == 2:
		return positive(fields[1], &l.mark)
	case fields[0] == "less" && (len(fields) == 3 || len(fields) == 4 && fields[3] == "body"):
		var share float64
		if err := positive(fields[2], &share); err != nil {
			return err
		}
		l.less[fields[1]] = loss{share, len(fields) == 4}
		return nil
	case len(l.groups) == 0:
		return fmt.Errorf("%q stands before the first group", line)
	}
	g := &l.groups[len(l.groups)-1]
	for _, f := range fields {
		w := fold.String(strings.ReplaceAll(f, "~", " "))
		if utf8.RuneCountInString(w) < 2 {
			return fmt.Errorf("%q is too short to mean anything", f)
		}
		g.words = append(g.words, w)
	}
	return nil
}

// group begins a group from the words between its brackets.
func (l *lexicon) group(fields []string) error {
	if len(fields) < 2 {
		return fmt.Errorf("a group needs a name and a sort: [offers strong]")
	}
	s, ok := sorts[fields[1]]
	if !ok {
		return fmt.Errorf("group %s: unknown sort %q", fields[0], fields[1])
	}
	g := group{name: fields[0], sort: s, cap: 100, weight: 1}
	for _, f := range fields[2:] {
		if f == "leans" {
			g.leans = true
			continue
		}
		key, value, _ := strings.Cut(f, "=")
		target := map[string]*float64{"cap": &g.cap, "weight": &g.weight}[key]
		if target == nil {
			return fmt.Errorf("group %s: unknown setting %q", g.name, f)
		}
		if err := positive(value, target); err != nil {
			return fmt.Errorf("group %s: %w", g.name, err)
		}
	}
	l.groups = append(l.groups, g)
	return nil
}

func positive(s string, to *float64) error {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 0 && v <= 100) {
		return fmt.Errorf("%q is no number above 0 and up to 100", s)
	}
	*to = v
	return nil
}
