// Package wacz packs an observation for people outside: as WACZ 1.1.1, a ZIP
// file that holds WARC, its index, the digests of all parts and a signature
// (https://specs.webrecorder.net/wacz/1.1.1/), which any reader of web archives
// opens. It signs by the wacz-auth specification 0.1.0, in its anonymous form, and
// has the signature dated by an RFC 3161 time stamp server if there is one. It
// checks such files, too.
package wacz
