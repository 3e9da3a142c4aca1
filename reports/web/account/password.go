package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// A Cost is what it takes to try a password.
type Cost struct {
	Passes uint32
	Memory uint32 // KiB
	Lanes  uint8
}

// usualCost is the second of the two choices that RFC 9106 recommends (section 4).
var usualCost = Cost{Passes: 3, Memory: 64 << 10, Lanes: 4}

const (
	saltBytes = 16
	keyBytes  = 32
)

// Bounds of a password in characters: NIST SP 800-63B asks for at least 8, and for
// 15 where nothing else protects; long ones only cost CPU.
const (
	minPassword = 12
	maxPassword = 200
)

// ErrWeak says that a password is too short or too long.
var ErrWeak = errors.New("the password must have 12 to 200 characters")

// hashing bounds how many passwords are hashed at once: each takes 64 MiB.
var hashing = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)))

// hash makes the stored form of a password, in the PHC string format.
func (c Cost) hash(password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < minPassword || n > maxPassword {
		return "", ErrWeak
	}
	salt := make([]byte, saltBytes)
	rand.Read(salt) //nolint:errcheck // it never fails
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(c.derive(password, salt))), nil
}

func (c Cost) derive(password string, salt []byte) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Lanes, keyBytes)
}

// matches reports whether a password is the stored one.
func matches(password, stored string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || utf8.RuneCountInString(password) > maxPassword {
		return false
	}
	var c Cost
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Passes, &c.Lanes); err != nil || c.Memory > 1<<20 || c.Passes == 0 || c.Passes > 100 || c.Lanes == 0 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false
	}
	return subtle.ConstantTimeCompare(c.derive(password, salt), want) == 1
}
