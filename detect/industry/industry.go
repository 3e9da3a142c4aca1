// Package industry tells which trades that need approval first (前置审批) the
// content of a page belongs to. It knows the ordinary company site: a word is
// nothing without its context.
package industry

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
