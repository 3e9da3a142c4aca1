package account

import (
	"context"
	"slices"
)

// A Role says what a user may do. Each role but owner may do what those before it may.
type Role string

// The roles.
const (
	RoleOwner    Role = "owner"    // sees the sites of one owner, and may have them visited again
	RoleViewer   Role = "viewer"   // sees everything
	RoleOperator Role = "operator" // begins, stops and resumes runs, uploads inventories, waives findings
	RoleAdmin    Role = "admin"    // makes users and tokens of others, reads the audit log
)

// Roles lists the roles, the least one first.
var Roles = []Role{RoleOwner, RoleViewer, RoleOperator, RoleAdmin}

// An Action is something that not everybody may do.
type Action string

// The actions.
const (
	SeeAll    Action = "see"      // sites of every owner, and runs
	SeeOwn    Action = "see-own"  // the sites of one's own
	VisitSite Action = "visit"    // have a site visited now
	RunScans  Action = "run"      // begin, stop, resume
	Upload    Action = "upload"   // inventories
	Waive     Action = "waive"    // findings
	Notify    Action = "notify"   // write to owners, note their answers
	Accounts  Action = "accounts" // users, all tokens, the audit log
	OwnTokens Action = "tokens"   // API tokens of one's own
	Measure   Action = "metrics"  // the figures of operation
)

// least is the lowest role, by its place in Roles, that may do an action.
var least = map[Action]Role{
	SeeOwn: RoleOwner, VisitSite: RoleOwner, OwnTokens: RoleOwner,
	SeeAll: RoleViewer, Measure: RoleViewer,
	RunScans: RoleOperator, Upload: RoleOperator, Waive: RoleOperator, Notify: RoleOperator,
	Accounts: RoleAdmin,
}

// rank is the place of a role, -1 for none.
func rank(r Role) int { return slices.Index(Roles, r) }

// A Viewer is who asks for something.
type Viewer struct {
	Name  string // "" for somebody who has not logged in
	Role  Role
	Owner string // role owner: whose sites are seen
}

// May reports whether the viewer may do it. Somebody who has not logged in may do
// nothing.
func (v Viewer) May(a Action) bool {
	need, ok := least[a]
	return ok && rank(v.Role) >= rank(need)
}

// Sees reports whether the viewer may see the sites of an owner.
func (v Viewer) Sees(owner string) bool {
	return v.May(SeeAll) || v.SeesOwn() && v.Owner == owner
}

// SeesOwn reports whether there are sites of the viewer's own to see. A token of the scope
// owner that somebody made who is none has none.
func (v Viewer) SeesOwn() bool { return v.May(SeeOwn) && v.Owner != "" }

// Local is who uses the program on its own machine where no users are set up.
var Local = Viewer{Name: "local", Role: RoleAdmin}

// limited returns the viewer with no more rights than a scope has.
func (v Viewer) limited(scope Role) Viewer {
	if rank(scope) < rank(v.Role) {
		v.Role = scope
	}
	return v
}

// viewerKey is the key of the viewer in a context.
type viewerKey struct{}

// With returns a context that knows who asks.
func With(ctx context.Context, v Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// From returns who asks; somebody who may do nothing if that is not known.
func From(ctx context.Context) Viewer {
	v, _ := ctx.Value(viewerKey{}).(Viewer)
	return v
}

// Above reports whether a role has more rights than another one.
func Above(a, b Role) bool { return rank(a) > rank(b) }
