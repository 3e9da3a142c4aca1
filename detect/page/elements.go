package page

import "golang.org/x/net/html/atom"

// isBlock reports whether the element stands on lines of its own.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font, atom.I,
		atom.Img, atom.Image, atom.Input, atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Nobr, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strike,
		atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Picture, atom.Source, atom.Link, atom.Map, atom.Area, atom.Button,
		atom.Wbr, 0:
		return false
	}
	return true
}

// formatting are the elements whose end tags may come in the wrong order.
func formatting(a atom.Atom) bool {
	switch a {
	case atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike, atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// closesParagraph are the elements that cannot stand in a paragraph.
func closesParagraph(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Center, atom.Details, atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Fieldset,
		atom.Figcaption, atom.Figure, atom.Footer, atom.Header, atom.Hgroup, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Section, atom.Summary,
		atom.Ul, atom.Pre, atom.Listing, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Hr, atom.Li, atom.Dd, atom.Dt,
		atom.Xmp, atom.Plaintext:
		return true
	}
	return false
}

// special are the elements that the standard treats one by one; the end tag of
// an ordinary element does not reach through them.
func special(a atom.Atom) bool {
	switch a {
	case atom.Button, atom.Caption, atom.Col, atom.Colgroup, atom.Frameset, atom.Iframe, atom.Marquee, atom.Object, atom.Select, atom.Tbody, atom.Td,
		atom.Template, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.Applet, atom.Textarea:
		return true
	}
	return a != atom.Dialog && closesParagraph(a)
}

// void reports whether the element has no end tag.
func void(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Image, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source,
		atom.Track, atom.Wbr, atom.Frame, atom.Keygen:
		return true
	}
	return false
}

// foreignEnds reports whether a start tag ends svg and math when it comes in
// them (HTML standard, 13.2.6.5).
func foreignEnds(t *tag) bool {
	switch t.atom {
	case atom.B, atom.Big, atom.Blockquote, atom.Body, atom.Br, atom.Center, atom.Code, atom.Dd, atom.Div, atom.Dl, atom.Dt, atom.Em, atom.Embed,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Head, atom.Hr, atom.I, atom.Img, atom.Li, atom.Listing, atom.Menu, atom.Meta,
		atom.Nobr, atom.Ol, atom.P, atom.Pre, atom.Ruby, atom.S, atom.Small, atom.Span, atom.Strong, atom.Strike, atom.Sub, atom.Sup, atom.Table,
		atom.Tt, atom.U, atom.Ul, atom.Var:
		return true
	case atom.Font:
		return t.attrs.sized
	}
	return false
}
