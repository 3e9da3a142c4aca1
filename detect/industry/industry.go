// Package industry tells which trades that need approval first (前置审批) the
// content of a page belongs to. It knows the ordinary company site: a word is
// nothing without its context.
//
// Each trade has a lexicon, a data file under lexicon/. A word counts by where
// it stands: in the title, the description, a heading, the name of a link, a
// label, or in running text, where it counts least, because a page that offers
// a thing has a button for it and a page that mentions it has a sentence. Words
// that belong to another word (投资 in 投资者关系), to a name (文化 in
// 文化传播有限公司) or to a product for the trade (医院 in 医院管理系统) do not
// count. The foot of the page and friend links are not read.
//
// It does not know what is filed or approved; that is for the rules.
package industry

import (
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

// A Judged is one trade that the content belongs to.
type Judged struct {
	Category Category
	Score    float64  // 0 to 1; listed from Threshold up
	Evidence []string // the sentences of the page that decided, at most 5
	Licence  string   // the licence number on the page that covers it, "" if none
}

// A Category is a trade; the words are part of the JSONL contract.
type Category string

// The categories. The first nine are the seed's.
const (
	Finance       Category = "finance"
	News          Category = "news"
	Publishing    Category = "publishing"
	DrugsDevices  Category = "drugs-devices"
	Culture       Category = "culture"
	Audiovisual   Category = "audiovisual"
	Healthcare    Category = "healthcare"
	RideHailing   Category = "ride-hailing"
	BulletinBoard Category = "bulletin-board"
	Training      Category = "training"
	Games         Category = "games"
	Religion      Category = "religion"
)

// Categories lists all categories in the order of the contract.
func Categories() []Category {
	return []Category{Finance, News, Publishing, DrugsDevices, Culture, Audiovisual, Healthcare, RideHailing, BulletinBoard, Training, Games, Religion}
}

// Threshold is the score from which a page is said to belong to a trade. A
// score is points / (points + the mark of the lexicon), so half means that the
// page has just the points that the lexicon asks for: what it says of itself
// gives at most four fifths of them, the rest must be done on the page, by three
// plain entries of the menu, say, where the title is silent.
const Threshold = 0.5

// Judge returns the trades that the content of p belongs to, in the order of
// [Categories], with what decided. lic are the licence numbers on the page. A
// nil page belongs to none.
func Judge(p *page.Page, lic []number.Licence) []Judged {
	if p == nil || directory(p) {
		return nil
	}
	m := lexicons()
	t := m.read(p)
	scores := make([]float64, len(m.trades))
	for i := range m.trades {
		scores[i] = m.score(t, i)
	}
	var all []Judged
	for i, score := range scores {
		if score < Threshold || m.outdone(t, scores, i) {
			continue
		}
		trade := &m.trades[i]
		all = append(all, Judged{
			Category: trade.category,
			Score:    score,
			Evidence: m.evidence(p, t, i),
			Licence:  covering(trade.category, lic),
		})
	}
	return all
}
