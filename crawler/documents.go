package crawler

import "time"

// DocumentFacts are what was measured of one local file that belongs to a
// filing. They say how the picture is, not whether that is good enough.
type DocumentFacts struct {
	Document
	Fault  DocumentFault // why it was not measured, "" if it was
	Detail string        // the fault in the words of the code that met it; may be empty
	Size   int64         // bytes of the file, 0 if there is none
	Format string        // "jpeg", "png", "pdf", "gif", "bmp", "webp", "tiff", "heic", by content; "" if it is none of these

	// The rest is known of a JPEG or PNG without a Fault.
	Width, Height int       // pixels
	Sharpness     float64   // variance of the Laplacian over the variance of grey, where there is something to see; a crisp scan has above 1, what cannot be read any more below 0.03
	Marks         float64   // share of the picture on which there is something to see, 0 to 1
	Dark, Light   float64   // grey of the darkest 1 % and of the lightest 5 %, 0 (black) to 255
	Edges         SheetEdge // whether the sheet lies whole in the picture
}

// DocumentFault says why a document was not measured.
type DocumentFault string

// The faults. The first four are the file's; the others say nothing against it.
const (
	DocumentAbsent    DocumentFault = "absent"      // no such file below the folder of documents
	DocumentEmpty     DocumentFault = "empty"       // 0 bytes
	DocumentTruncated DocumentFault = "truncated"   // the picture ends before its end
	DocumentNoImage   DocumentFault = "no-image"    // neither a picture nor a PDF
	DocumentDamaged   DocumentFault = "damaged"     // a picture by its first bytes that our decoder cannot read; others may
	DocumentTooBig    DocumentFault = "too-big"     // more bytes than are read
	DocumentPixels    DocumentFault = "too-large"   // more pixels than are decoded
	DocumentUnread    DocumentFault = "unsupported" // a PDF, or a kind of picture that is not decoded
	DocumentOutside   DocumentFault = "outside"     // the path leads out of the folder, or is no plain file
	DocumentOurs      DocumentFault = "ours"        // we were stopped: no permission, a read error, too many files
)

// SheetEdge tells how a sheet of paper lies in its picture.
type SheetEdge string

// What can be told of a sheet's edges.
const (
	EdgesUntold SheetEdge = ""        // cannot be told
	EdgesClean  SheetEdge = "clean"   // nothing of what is on the sheet reaches the edge of the picture
	EdgesCut    SheetEdge = "cropped" // what is on the sheet runs out of the picture on at least one side
)

// A Document is a local file that belongs to a filing.
type Document struct {
	Kind    string    // what it is, as written (营业执照, business licence)
	Path    string    // below the folder of documents
	Expires time.Time // the last day on which it is valid; zero if not given
}
